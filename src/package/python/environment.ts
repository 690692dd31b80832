import { devNull, tmpdir } from 'node:os';

/**
 * What a Python tool of ours may see: enough to run, nothing of the user's settings, nothing secret.
 * `PYTHON*` variables are ignored under `-I` anyway.
 */
export function toolEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', SYSTEMROOT } = process.env;
  return {
    PATH,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    HOME: devNull,
    TMPDIR: tmpdir(),
    PIP_CONFIG_FILE: devNull,
    PIP_NO_INPUT: '1',
    // Reproducible downloads and installs do not write byte code behind RECORD's back.
    PYTHONDONTWRITEBYTECODE: '1',
    ...(SYSTEMROOT === undefined ? {} : { SYSTEMROOT }),
  };
}
