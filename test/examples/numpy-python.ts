/** An interpreter with NumPy and Pillow, for the example that needs them. */
import { spawnSync } from 'node:child_process';

const PROBE = 'import sys, numpy, PIL; sys.exit(sys.version_info < (3, 10))';

/** The first that works of PROCVISION_NUMPY_PYTHON (alone, when set), `python3` and `/usr/bin/python3`. */
export function findNumpyPython(): string | undefined {
  const named = process.env['PROCVISION_NUMPY_PYTHON'];
  const candidates = named ? [named] : ['python3', '/usr/bin/python3'];
  return candidates.find((python) => spawnSync(python, ['-c', PROBE], { stdio: 'ignore' }).status === 0);
}

export const NUMPY_IS_REQUIRED = process.env['PROCVISION_REQUIRE_NUMPY'] === '1';
export const NUMPY_HINT =
  'No interpreter with NumPy and Pillow was found: install them (Debian: python3-numpy and python3-pil) or name one in PROCVISION_NUMPY_PYTHON.';
