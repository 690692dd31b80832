/**
 * Writes every generated file: the JSON Schemas, the catalogue of errors, the invariants, the machines' pages, and the
 * pictures and tables of the README and the guides. `--check` writes nothing and exits 1 when one of them is out of date, or lies in
 * a generated folder and belongs to nothing any more.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { apiReports } from './api-report.js';
import { errorsPage } from './errors-page.js';
import { guideParts } from './guide-parts.js';
import { invariantsPage } from './invariants-page.js';
import { manifestSchemaFile } from './manifest-schema.js';
import { diagramSchemaFile } from './diagram-schema.js';
import { lifecycleParts, lifecyclePictures } from './lifecycle-guide.js';
import { machineIndex } from './machine-index.js';
import { machinePages } from './machine-pages.js';
import { machinePictures } from './machine-pictures.js';
import { withParts } from './parts.js';
import { readmeParts } from './readme-picture.js';
import { settingsSchemaFile } from './settings-parts.js';
import { traceSchemaFile } from './trace-schema.js';
import { typeShapes } from './type-shapes.js';

const LIFECYCLE = 'docs/guides/read-the-lifecycle.md';

const files = new Map<string, string>([
  ['docs/schemas/manifest.schema.json', manifestSchemaFile()],
  ['docs/schemas/settings.schema.json', settingsSchemaFile()],
  ['docs/errors.md', errorsPage()],
  ...apiReports(),
  ['docs/invariants.md', invariantsPage()],
  ['docs/schemas/diagram.schema.json', diagramSchemaFile()],
  ['docs/schemas/trace.schema.json', traceSchemaFile()],
  ['docs/machines/README.md', await machineIndex()],
  ...(await machinePages(typeShapes())),
  ...(await machinePictures()),
  ...(await lifecyclePictures()),
  ...[['README.md', readmeParts()] as const, [LIFECYCLE, await lifecycleParts()] as const, ...guideParts()].map(
    ([path, parts]): [string, string] => [path, withParts(path, read(path), parts)],
  ),
]);

const check = process.argv.includes('--check');
const stale = [...files].filter(([path, content]) => read(path) !== content);
const left = ['docs/api', 'docs/machines', 'docs/machines/pictures', 'docs/guides/pictures']
  .flatMap(filesIn)
  .filter((path) => !files.has(path));
if (!check)
  for (const [path, content] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
for (const [path] of stale) console.log(`${check ? 'out of date' : 'wrote'}: ${path}`);
for (const path of left) console.log(`belongs to nothing any more: ${path}`);
console.log(
  `generated files: ${files.size}, ${stale.length} ${check ? 'out of date (run npm run generate)' : 'changed'}`,
);
process.exitCode = left.length > 0 || (check && stale.length > 0) ? 1 : 0;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function filesIn(folder: string): string[] {
  const found = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return found.flatMap((entry) => (entry.isFile() ? [`${folder}/${entry.name}`] : []));
}
