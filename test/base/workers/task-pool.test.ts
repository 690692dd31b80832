import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RunnerError } from '../../../src/base/errors/index.js';
import { TaskExceeded } from '../../../src/base/workers/index.js';
import type { Task } from '../../../src/base/workers/index.js';
import { TaskPool } from '../../../src/base/workers/task-pool.js';
import { LOOP_HOLD_MAX_MS, longestHoldDuring } from '../../support/longest-hold.js';

const module = new URL('./odd-tasks.js', import.meta.url);
const odd = <T>(name: string, budget: Partial<Task<T>['budget']> = {}): Task<T> => ({
  module,
  name,
  budget: { timeMs: 500, inputSizeMax: 1000, outputSizeMax: 1000, ...budget },
});

const pool = new TaskPool();
afterEach(() => pool.close());

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a task pool', () => {
  it('has no thread before the first task and none after it is closed', async () => {
    expect(await pool.size()).toBe(0);
    expect(await pool.run(odd('double'), 'ab', { owner: 'a' })).toEqual({ twice: 'abab' });
    expect(await pool.size()).toBe(1);
    await pool.close();
    expect(await pool.size()).toBe(0);
  });

  it.each([
    ['forever', 'time'],
    ['hoard', 'memory'],
    ['dig', 'depth'],
    ['shout', 'size'],
  ] as const)('gives a task up that goes over its budget (%s), and does the next one', async (name, budget) => {
    const error = await refusal(pool.run(odd(name, { timeMs: name === 'hoard' ? 30_000 : 500 }), 'ab', { owner: 'a' }));
    expect(error).toBeInstanceOf(TaskExceeded);
    expect(error).toMatchObject({ budget });
    expect(await pool.run(odd('double'), 'ab', { owner: 'a' })).toEqual({ twice: 'abab' });
  });

  it('does not send what is larger than the task may be given', async () => {
    const error = await refusal(pool.run(odd('double', { inputSizeMax: 3 }), 'abcd', { owner: 'a' }));
    expect(error).toMatchObject({ budget: 'size' });
    expect(await pool.size()).toBe(0);
  });

  it('goes on with the tasks of others while one owner waits for its own', async () => {
    const stuck = ['x', 'x', 'x'].map((owner) => refusal(pool.run(odd('forever'), '', { owner })));
    const { value, longestMs } = await longestHoldDuring(() => pool.run(odd('double'), 'ab', { owner: 'y' }));
    expect(value).toEqual({ twice: 'abab' });
    expect(longestMs).toBeLessThan(LOOP_HOLD_MAX_MS);
    for (const error of await Promise.all(stuck)) expect(error).toMatchObject({ budget: 'time' });
  });

  it('throws what the work refused, with its details', async () => {
    const error = await refusal(pool.run(odd('refuse'), '', { owner: 'a' }));
    expect(error).toBeInstanceOf(RunnerError);
    expect(error).toMatchObject({ faultName: 'manifest_missing', details: { place: '/name' } });
  });

  it('brings keys such as __proto__ back as they are', async () => {
    const value = await pool.run(odd<object>('nameLikeOthers'), '', { owner: 'a' });
    expect(Object.entries(value)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('calls a task off, waiting or running, when its signal says so', async () => {
    const stop = new AbortController();
    const running = refusal(pool.run(odd('forever', { timeMs: 60_000 }), '', { owner: 'a', signal: stop.signal }));
    const waiting = refusal(pool.run(odd('double'), 'ab', { owner: 'a', signal: stop.signal }));
    stop.abort(new Error('no more'));
    expect(await running).toMatchObject({ message: 'no more' });
    expect(await waiting).toMatchObject({ message: 'no more' });
    expect(await pool.run(odd('double'), 'ab', { owner: 'a' })).toEqual({ twice: 'abab' });
  });

  it('lets the process end while its threads are idle', () => {
    const program = `
      import { runTask } from './dist/src/base/workers/index.js';
      const module = new URL(${JSON.stringify(module.href)});
      const budget = { timeMs: 20000, inputSizeMax: 10, outputSizeMax: 1000 };
      console.log(JSON.stringify(await runTask({ module, name: 'double', budget }, 'ab', { owner: 'a' })));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(output).toBe('{"twice":"abab"}\n');
  });

  it('says so at once when no thread can be started, and blames no budget', () => {
    // No thread starts in a folder that is gone.
    const workers = new URL('../../../dist/src/base/workers/index.js', import.meta.url);
    const program = `
      const { runTask } = await import(${JSON.stringify(workers.href)});
      (await import('node:fs')).rmdirSync(process.cwd());
      const module = new URL(${JSON.stringify(module.href)});
      const budget = { timeMs: 100, inputSizeMax: 10, outputSizeMax: 1000 };
      const failed = await runTask({ module, name: 'double', budget }, 'ab', { owner: 'a' }).catch((error) => error);
      console.log(failed.faultName, failed.message);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: mkdtempSync(join(tmpdir(), 'procvision-gone-')),
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(output).toMatch(/^host_unfit No thread .* can be started: /);
  });
});
