/**
 * Builds everything the package ships: the compiled library and the Python SDK's wheel. Incremental: a second run of an
 * unchanged tree takes a second. `--quiet` prints only what went wrong.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeSync } from 'node:fs';

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

const wheels = 'dist/python';
mkdirSync(wheels, { recursive: true });
const stale = readdirSync(wheels).filter((name) => name.endsWith('.whl'));
for (const name of stale) rmSync(`${wheels}/${name}`);
const wheel = run(
  'python3',
  ['sdk/python/build_wheel.py', '--out', wheels],
  'building the Python SDK',
  'The Runner needs Python 3.10 or newer as `python3` on the PATH.',
);
if (!quiet) writeSync(1, `built dist/src, dist/machines and ${wheel}\n`);
