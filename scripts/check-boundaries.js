/**
 * Runs the import rules of .dependency-cruiser.cjs and asserts that the cruise saw every module: a cruiser whose
 * compiler it does not understand sees none and reports success.
 */
import { readdirSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const folders = ['machines', 'src'];
const sources = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name)),
);

const { output } = await cruise(
  folders,
  await extractDepcruiseOptions('./.dependency-cruiser.cjs'),
  { extensions: ['.ts', '.js'] },
  { tsConfig: extractTSConfig(resolve('src/tsconfig.json')) },
);

const seen = new Set(output.modules.map((module) => module.source));
const unseen = sources.filter((source) => !seen.has(source));
const problems = [
  ...output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ...unseen.map((source) => `not seen by the cruise: ${source}`),
];
for (const problem of problems) writeSync(2, `${problem}\n`);
writeSync(1, `import rules: ${sources.length} modules, ${problems.length} problems\n`);
process.exit(problems.length === 0 && sources.length > 0 ? 0 : 1);
