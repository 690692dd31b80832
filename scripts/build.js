/**
 * Builds everything the package ships: the compiled library and the Python SDK's wheel. Incremental: a second run of an
 * unchanged tree takes a second. `--quiet` prints only what went wrong.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename } from 'node:path';

const quiet = process.argv.includes('--quiet');

function run(command, args, purpose, hint) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) fail(`${purpose}: cannot run ${command} (${result.error.code}). ${hint}`);
  if (result.status !== 0) fail(`${purpose} failed:\n${result.stdout}${result.stderr}${hint}`);
  return result.stdout.trim();
}

function fail(message) {
  writeSync(2, `${message.trimEnd()}\n`);
  process.exit(1);
}

run(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-b', '--pretty', 'false'],
  'compiling',
  'Run `npm ci` first.',
);
// npm makes a command executable when it links it, which a later build would undo.
chmodSync('dist/src/cli/main.js', 0o755);

// Built beside and moved in: whoever needs the wheel meanwhile finds the old one, never none or half of one.
const wheels = 'dist/python';
const fresh = `${wheels}/.new`;
mkdirSync(fresh, { recursive: true });
const built = run(
  'python3',
  ['sdk/python/build_wheel.py', '--out', fresh],
  'building the Python SDK',
  'The Runner needs Python 3.10 or newer as `python3` on the PATH.',
);
const wheel = `${wheels}/${basename(built)}`;
renameSync(built, wheel);
for (const name of readdirSync(wheels))
  if (name.endsWith('.whl') && name !== basename(wheel)) rmSync(`${wheels}/${name}`);
if (!quiet) writeSync(1, `built dist/src, dist/machines and ${wheel}\n`);
