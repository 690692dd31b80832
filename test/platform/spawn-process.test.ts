import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { spawnProcess, systemTool } from '../../src/platform/index.js';
import { builtProgram } from '../support/built-program.js';
import { LOOP_HOLD_MAX_MS } from '../support/longest-hold.js';
import { PYTHON } from '../support/python.js';
import { scratchFolder } from '../support/own-folder.js';

/** What a program says that runs in a process of its own. */
async function run(program: string, ...through: readonly string[]): Promise<unknown> {
  const path = builtProgram(new URL(`programs/${program}`, import.meta.url));
  const [command = '', ...args] = [...through, process.execPath, path];
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout);
}

/** Inherits a descriptor with a high number to whatever comes behind. */
const LEAKING = [PYTHON, '-c', 'import os, sys; os.dup2(0, 250); os.execv(sys.argv[1], sys.argv[1:])'];

describe('a process that cannot be started', () => {
  test('for want of a descriptor is a result, and harms nobody once there are some again', async () => {
    expect(await run('no-descriptor.ts')).toMatchObject({
      without: { osPid: null, reason: 'spawn /bin/true EMFILE' },
      began: true,
    });
  });

  const unfit = join(scratchFolder(), 'unfit');
  writeFileSync(unfit, 'no program');
  test.each([
    ['there is no such file', '/nowhere/tool', 'ENOENT'],
    ['it may not be run', unfit, 'EACCES'],
    ['it is a folder', '/', 'EACCES'],
  ])('because %s', async (_why, command, code) => {
    const { osPid, ...rest } = await spawnProcess({ command, args: [], environment: {} });
    expect(osPid).toBeNull();
    expect(rest).toMatchObject({ reason: expect.stringContaining(code) });
  });

  test('because what it is given is too much', async () => {
    const options = { command: '/bin/true', args: ['x'.repeat(1 << 20)], environment: {} };
    expect(await spawnProcess(options)).toMatchObject({ osPid: null, reason: expect.stringContaining('E2BIG') });
  });

  test('because nobody wants it any more when its turn comes', async () => {
    expect(
      await spawnProcess({ command: '/bin/true', args: [], environment: {}, isWanted: () => false }),
    ).toMatchObject({
      osPid: null,
    });
  });
});

describe('a process that was started', () => {
  const shell = async (script: string): Promise<string> => {
    const child = await spawnProcess({ command: '/bin/sh', args: ['-c', script], environment: {} });
    if (child.osPid === null) throw new Error(child.reason);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stdin.end('go\n');
    await Promise.all([once(child.stdout, 'end'), once(child.events, 'exit')]);
    return text.trim();
  };

  test('has no descriptor of this one but the three standard ones', async () => {
    // Those of the shell itself; a leak of this process would be one of the null device.
    const fds = await shell('read go; ls -l /proc/$$/fd');
    const others = fds.split('\n').filter((line) => / -> /.test(line) && !/ [012] -> |\/dev\/null$/.test(line));
    expect(others).toEqual([]);
  });

  test('is the first to go when memory is short', async () => {
    const own = Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
    const its = Number(await shell('read go; read score < /proc/self/oom_score_adj; echo $score'));
    expect(its).toBeGreaterThanOrEqual(Math.min(1000, own + 100));
  });

  test('took a turn of the event loop of its own', async () => {
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const all = await Promise.all([1, 2, 3, 4].map(() => shell('read go')));
    counting = false;
    expect(all).toHaveLength(4);
    expect(turns).toBeGreaterThanOrEqual(4);
  });
});

test.each([
  ['an ordinary host', []],
  ['a host with a leaked descriptor of a high number', LEAKING],
])('64 processes started at once by %s never hold the event loop for long', async (_host, through) => {
  const seen = (await run('many-at-once.ts', ...through)) as { longestMs: number };
  expect(seen.longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
});

test('a tool is one of the system, whatever lies elsewhere', () => {
  expect(systemTool('sh')).toMatch(/^\/.*\/sh$/);
  const folder = scratchFolder();
  writeFileSync(join(folder, 'sh'), '', { mode: 0o755 });
  // The temporary folder may be written by everybody.
  expect(systemTool('sh', [folder])).toBeUndefined();
});
