import { spawnSync } from 'node:child_process';

export interface Python {
  readonly executable: string;
  readonly version: string;
}

/** An interpreter with NumPy, and where it has it. */
export interface NumpyPython {
  readonly executable: string;
  readonly numpyVersion: string;
  /** The folder `numpy` lies in. */
  readonly folder: string;
}

const PROBE = `
import json, os, sys, numpy
assert sys.version_info >= (3, 10)
print(json.dumps([os.path.realpath(sys.executable), numpy.__version__, os.path.dirname(os.path.dirname(numpy.__file__))]))
`;

/** The first of PROCVISION_NUMPY_PYTHON, `python3` and `/usr/bin/python3` that has NumPy. */
export function findNumpyPython(): NumpyPython | null {
  for (const candidate of [process.env['PROCVISION_NUMPY_PYTHON'], 'python3', '/usr/bin/python3']) {
    if (candidate === undefined || candidate === '') continue;
    const { status, stdout } = spawnSync(candidate, ['-c', PROBE], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (status !== 0) continue;
    const [executable = candidate, numpyVersion = '', folder = ''] = JSON.parse(stdout) as string[];
    return { executable, numpyVersion, folder };
  }
  return null;
}

/** The real executable behind `python3`: a shim on the PATH costs more to start than Python. */
export function findPython(): Python {
  const probe =
    'import json, os, platform, sys; print(json.dumps([os.path.realpath(sys.executable), platform.python_version()]))';
  const { status, stdout } = spawnSync('python3', ['-c', probe], { encoding: 'utf8' });
  if (status !== 0) throw new Error('there is no working python3 on the PATH');
  const [executable = 'python3', version = ''] = JSON.parse(stdout) as string[];
  return { executable, version };
}
