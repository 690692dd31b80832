import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Runner } from '../../src/index.js';
import { builtProgram } from '../support/built-program.js';
import { PYTHON } from '../support/python.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, failed } from './support/station.js';

const GREEDY = 'greedy@1.0.0';
const STEPS = [{ index: 1, name: 'look', params: [{ key: 'do', type: 'string', default: '' }] }];
const greedyZip = (): string => rogueZip({ name: 'greedy', manifest: { steps: STEPS } }, 'reaches_limits');

describe('a release with limits', () => {
  const limits = { memoryBytes: 512 << 20, fileBytes: 1 << 20 };
  let runner: Runner;
  beforeAll(async () => {
    runner = await openRunner({ retries: 0, limits, restart: { immediateRestarts: 100, breakerLosses: 100 } });
    await runner.install(greedyZip());
    await runner.activate(GREEDY, ['A01']);
  });

  test.each([
    ['memory', /limit of 536870912 bytes of address space \(limits\.memoryBytes\)/],
    ['file', /limit of 1048576 bytes for a file \(limits\.fileBytes\)/],
    ['file, by signal', /limit of 1048576 bytes for a file \(limits\.fileBytes\)/],
  ])('that hits that of %s loses the call by the name of the limit, and serves the next', async (what, words) => {
    const { outcome, fault } = failed(await call(runner, 'A01', what));
    expect({ outcome, code: fault.code }).toEqual({ outcome: 'lost', code: '3002' });
    expect(fault.message).toMatch(words);
    expect(await call(runner, 'A01', '')).toMatchObject({ status: 'OK' });
  });
});

/** Root has no limit of processes, and what works for root need not work for others: another user is taken then. */
const USER = process.getuid?.() === 0 ? 12_345 : process.getuid?.();
const BECOME =
  process.getuid?.() === 0 ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--'] : [];
const asUser = (command: readonly string[]): readonly [string, string[]] => {
  const [first = '', ...rest] = [...BECOME, ...command];
  return [first, rest];
};
const works = (...command: readonly string[]): boolean => {
  try {
    execFileSync(...asUser(command), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const python = [PYTHON, '/usr/bin/python3'].find((one) => works('sh', '-c', '"$0" -c "import venv, ensurepip"', one));
const modules = fileURLToPath(new URL('../../node_modules/xstate/package.json', import.meta.url));
const PROGRAM = builtProgram(new URL('programs/ordinary-user.ts', import.meta.url));
const canBeUser = python !== undefined && works('test', '-r', modules) && works('test', '-r', PROGRAM);

describe.runIf(canBeUser)('the Runner of an ordinary user', () => {
  interface Seen {
    readonly isolation: string;
    readonly hit: Readonly<Record<'processes' | 'threads' | 'after', string>>;
  }
  let seen: Seen;
  beforeAll(async () => {
    const home = scratchFolder();
    chmodSync(dirname(home), 0o755); // folders of tests are their user's alone
    const zip = join(home, 'greedy-v1.0.0-offline.zip');
    const store = join(home, 'store');
    copyFileSync(greedyZip(), zip);
    mkdirSync(store);
    for (const path of [home, zip, store]) if (BECOME.length > 0) chownSync(path, USER ?? 0, USER ?? 0);
    for (const path of [home, zip]) chmodSync(path, 0o755);
    const command = asUser([process.execPath, PROGRAM, store, python ?? '', zip, GREEDY]);
    const { stdout } = await promisify(execFile)(...command, { env: { PATH: process.env['PATH'], HOME: home } });
    seen = JSON.parse(stdout) as Seen;
  });

  test('starts, detects and tells how its processes are isolated', () => {
    const { isolation } = seen;
    expect(seen).toMatchObject({ uid: USER, status: 'OK', ofRelease: isolation });
    expect(seen).toMatchObject({ isolations: [{ release: GREEDY, isolation }], problems: [] });
  });

  test('holds a fork bomb at the limit of processes and threads, names it, and serves the next call', () => {
    const words = 'limit of 24 processes and threads (limits.processes)';
    expect(seen.hit).toEqual({
      processes: expect.stringContaining(words) as string,
      threads: expect.stringContaining(words) as string,
      after: 'OK',
    });
  });
});
