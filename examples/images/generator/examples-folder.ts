import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's `examples/`, found upwards from this file, so that source and compiled code find the same one. */
export function examplesFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const examples = join(folder, 'examples');
    if (existsSync(join(examples, 'screw-check', 'manifest.json'))) return examples;
  }
  throw new Error('examples/screw-check/manifest.json is in no folder above the image generator');
}
