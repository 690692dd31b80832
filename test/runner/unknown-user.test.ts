import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtProgram } from '../support/built-program.js';
import { PYTHON } from '../support/python.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip } from './support/packages.js';

/** As containers start with `--user 54321`: no entry in passwd, no HOME. */
const USER = 54_321;
const BECOME = ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--'] as const;

const works = (...command: readonly string[]): boolean => {
  try {
    const [tool, ...rest] = [...BECOME, ...command];
    execFileSync(tool, rest, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const python = [PYTHON, '/usr/bin/python3'].find((one) => works('sh', '-c', '"$0" -c "import venv, ensurepip"', one));
const modules = fileURLToPath(new URL('../../node_modules/xstate/package.json', import.meta.url));
const PROGRAM = builtProgram(new URL('programs/unknown-user.ts', import.meta.url));
const canBeUser = python !== undefined && works('test', '-r', modules) && works('test', '-r', PROGRAM);

const valuesZip = (): string =>
  eyesZip({
    name: 'values',
    manifest: {
      entry_point: 'values:Values',
      steps: [{ index: 1, name: 'look', params: [{ key: 'do', type: 'string', default: 'judge' }] }],
    },
    files: {
      'eyes.py': null,
      'values.py': readFileSync(new URL('../fixtures/packages/values.py', import.meta.url)),
    },
  });

test.runIf(canBeUser)(
  'a user without an entry in passwd installs, starts and detects, and its algorithms have a home',
  async () => {
    const place = scratchFolder();
    chmodSync(dirname(place), 0o755); // folders of tests are their user's alone
    const zip = join(place, 'values-v1.0.0-offline.zip');
    const store = join(place, 'store');
    copyFileSync(valuesZip(), zip);
    mkdirSync(store);
    for (const path of [place, zip, store]) chownSync(path, USER, USER);
    for (const path of [place, zip]) chmodSync(path, 0o755);
    const [tool, ...rest] = [...BECOME, process.execPath, PROGRAM, store, python ?? '', zip, 'values@1.0.0'];
    const { stdout } = await promisify(execFile)(tool, rest, { env: { PATH: process.env['PATH'] } });
    const home = join(store, 'algorithms', 'deployed', 'values', '1.0.0', '.home');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ uid: USER, status: 'OK', verdict: 'OK' },
      seen: { home, user: `uid-${USER}`, environment: { HOME: home, XDG_CACHE_HOME: join(home, '.cache') } },
    });
  },
);
