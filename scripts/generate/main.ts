/**
 * Writes every generated file: the manifest's JSON Schema, the catalogue of errors, the machines' pages, and the pictures
 * and tables of the README and the guides. `--check` writes nothing and exits 1 when one of them is out of date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorsPage } from './errors-page.js';
import { guideParts } from './guide-parts.js';
import { manifestSchemaFile } from './manifest-schema.js';
import { machinePages } from './machine-pages.js';
import { withParts } from './parts.js';
import { readmeParts } from './readme-picture.js';

const files = new Map<string, string>([
  ['docs/schemas/manifest.schema.json', manifestSchemaFile()],
  ['docs/errors.md', errorsPage()],
  ...machinePages(),
  ...[['README.md', readmeParts()] as const, ...guideParts()].map(([path, parts]): [string, string] => [
    path,
    withParts(path, read(path), parts),
  ]),
]);

const check = process.argv.includes('--check');
const stale = [...files].filter(([path, content]) => read(path) !== content);
if (!check)
  for (const [path, content] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
for (const [path] of stale) console.log(`${check ? 'out of date' : 'wrote'}: ${path}`);
console.log(
  `generated files: ${files.size}, ${stale.length} ${check ? 'out of date (run npm run generate)' : 'changed'}`,
);
process.exitCode = check && stale.length > 0 ? 1 : 0;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
