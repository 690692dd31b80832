import { join } from 'node:path';
import { readRegular } from '../files/index.js';
import { MANIFEST_BYTES_MAX, parseManifest } from '../package/index.js';
import type { Manifest } from '../package/index.js';

/** The manifest of a deployed release. @throws RunnerError store_io_failed, store_corrupt, manifest_missing with the place */
export async function readDeployedManifest(folder: string): Promise<Manifest> {
  return parseManifest(await readRegular(join(folder, 'manifest.json'), MANIFEST_BYTES_MAX)).manifest;
}
