/**
 * Runs the Python SDK's own tests with `python3`, and, where there is one, with an interpreter that has NumPy and
 * Pillow: PROCVISION_NUMPY_PYTHON names it. With CI set that second run is not optional.
 */
import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';

const hasNumpy = (python) => spawnSync(python, ['-c', 'import numpy, PIL'], { stdio: 'ignore' }).status === 0;
const candidates = [process.env['PROCVISION_NUMPY_PYTHON'], 'python3', '/usr/bin/python3'].filter(Boolean);
const withNumpy = candidates.find(hasNumpy);

if (withNumpy === undefined && process.env['CI']) {
  writeSync(2, 'no interpreter with NumPy and Pillow: set PROCVISION_NUMPY_PYTHON\n');
  process.exit(1);
}
if (withNumpy === undefined)
  writeSync(2, 'note: no interpreter with NumPy and Pillow here; the tests that need them are skipped\n');

const pythons = withNumpy === undefined ? ['python3'] : [...new Set(['python3', withNumpy])];
for (const python of pythons) {
  // Only where both are there is their absence a failure; the other run shows that the SDK works without them.
  const { PROCVISION_REQUIRE_NUMPY: _inherited, ...env } = process.env;
  const required = python === withNumpy ? { PROCVISION_REQUIRE_NUMPY: '1' } : {};
  const { status } = spawnSync(python, ['-m', 'unittest', 'discover', '-s', 'sdk/python/tests'], {
    stdio: 'inherit',
    env: { ...env, ...required, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
}
