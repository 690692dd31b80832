/**
 * Runs the Python SDK's own tests with `python3`, and, where there is one, beside it with an interpreter that has NumPy
 * and Pillow: PROCVISION_NUMPY_PYTHON names it. With CI set that second run is not optional. With `--oldest-and-newest`
 * they run with the oldest and the newest Python of the machine that the SDK is made for, unless the run without it has
 * them already.
 */
import { spawn, spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const hasNumpy = (python) => spawnSync(python, ['-c', 'import numpy, PIL'], { stdio: 'ignore' }).status === 0;
const candidates = [process.env['PROCVISION_NUMPY_PYTHON'], 'python3', '/usr/bin/python3'].filter(Boolean);
const withNumpy = candidates.find(hasNumpy);

if (withNumpy === undefined && process.env['CI']) {
  writeSync(2, 'no interpreter with NumPy and Pillow: set PROCVISION_NUMPY_PYTHON\n');
  process.exit(1);
}
if (withNumpy === undefined)
  writeSync(2, 'note: no interpreter with NumPy and Pillow here; the tests that need them are skipped\n');

/** @returns the exit code, and everything that was said, which is told in one piece: two speak at a time. */
async function test(python) {
  // Only where both are there is their absence a failure; the other run shows that the SDK works without them.
  const { PROCVISION_REQUIRE_NUMPY: _inherited, ...env } = process.env;
  const required = python === withNumpy ? { PROCVISION_REQUIRE_NUMPY: '1' } : {};
  const child = spawn(python, ['-m', 'unittest', 'discover', '-s', 'sdk/python/tests'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...required, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, told: `${python}\n${stdout}${stderr}` };
}

/** Of those the Runner itself would choose from. */
async function oldestAndNewest() {
  const { discoverInterpreters } = await import('../dist/src/package/index.js');
  const known = (await discoverInterpreters()).flatMap(({ path, version }) => {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    return major === 3 && minor >= 10 ? [{ path, age: minor * 1000 + patch }] : [];
  });
  known.sort((a, b) => a.age - b.age);
  const itself = (python) =>
    spawnSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout;
  const had = new Set(usual.map(itself));
  return [...new Set([known.at(0)?.path, known.at(-1)?.path])].filter((python) => python && !had.has(itself(python)));
}

const usual = withNumpy === undefined ? ['python3'] : [...new Set(['python3', withNumpy])];
const pythons = process.argv.includes('--oldest-and-newest') ? await oldestAndNewest() : usual;
const runs = await Promise.all(pythons.map(test));
for (const { told } of runs) writeSync(2, told);
if (runs.some(({ status }) => status !== 0)) process.exit(1);
