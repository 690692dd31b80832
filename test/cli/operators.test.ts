import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { judgeRoom } from '../../src/runner/doctor/space.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { IMAGE, openRunner } from '../runner/support/runners.js';
import { runInside } from './support/run-inside.js';

/** What an operator finds after a process was killed: who did it and why, and what else happened to the store. */
const store = join(scratchFolder(), 'store');
const run = (...words: string[]) => runInside([...words, '--store', store]);

beforeAll(async () => {
  const runner = await openRunner({ store, timings: { preMs: 300, executeMs: 300 }, retries: 0 });
  await runner.install(rogueZip({ name: 'hangs' }, 'hangs_when_called'));
  await runner.activate('hangs@1.0.0', ['A01']);
  expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ fault: { code: '1005' } });
  await runner.close();
});

describe('a process that was killed', () => {
  it('is told of at warn, with who and why', async () => {
    const { json } = await run('logs', '--level', 'warn', '--json');
    const told = json<{ level: string; source: string; message: string }[]>();
    expect(told).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        source: 'runner',
        signal: 'SIGKILL',
        message: expect.stringMatching(
          /^The Runner sends SIGKILL to the process\. hangs@1\.0\.0 did not answer \w+ within 300 ms\.$/,
        ) as string,
      }),
    );
  });
});

describe('trace incidents', () => {
  it('lists what went wrong, the newest first, each with the command that explains it', async () => {
    const { json, code } = await run('trace', 'incidents', '--json');
    expect(code).toBe(0);
    const { incidents, cut } = json<{ cut: boolean; incidents: { at: string; call: number; explain: string[] }[] }>();
    expect(cut).toBe(false);
    const [call] = incidents.filter(({ call: id }) => id === 1);
    expect(call).toMatchObject({ pids: ['A01'], fault: { code: '1005' } });
    expect(incidents.map(({ at }) => at)).toEqual([...incidents.map(({ at }) => at)].sort().reverse());
    const explained = await run(...(call?.explain ?? []));
    expect(explained.stdout).toContain('call.overdue');
    expect((await run('trace', 'incidents', '--tail', '1')).stdout).toMatch(/procvision trace (show|why) /);
  });
});

describe('the audit trail', () => {
  it('is printed as a whole: installs, starts and changes', async () => {
    const { stdout } = await run('audit', 'show');
    expect(stdout).toMatch(/^#1 +20\S+Z +library +install +/m);
    expect(stdout).toMatch(/ activate +A01 +done +hangs@1\.0\.0$/m);
    const all = (await run('history', '--json')).json<{ what: string }[]>();
    expect(all.map(({ what }) => what)).toEqual(expect.arrayContaining(['install', 'activate']));
    const last = (await run('audit', 'show', '--tail', '1', '--json')).json<{ seq: number }[]>();
    expect(last).toMatchObject([{ seq: all.length }]);
    expect((await run('history', 'A01', '--json')).json<object[]>()).toHaveLength(1);
  });
});

it('a release that is not there is refused with the nearest', async () => {
  const { code, stderr } = await run('start', 'hang@1.0.0');
  expect(code).toBe(1);
  expect(stderr).toContain('hint: Did you mean "hangs@1.0.0"?');
});

describe('doctor', () => {
  it('says how much room there is, and how the last trace ended', async () => {
    const { stdout } = await run('doctor');
    expect(stdout).toMatch(/^\w+ +free space +.*\d+ MiB and \d+ files free in /m);
    expect(stdout).toMatch(/^passed +trace +\S+ was closed at 20/m);
  });

  const room = (freeMib: number, freeEntries: number | null) =>
    judgeRoom('free space', '/srv', { freeBytes: freeMib * 1024 * 1024, freeEntries }).result;
  test.each([
    ['passed', 5_000, 1_000_000],
    ['passed', 5_000, null],
    ['warning', 500, 1_000_000],
    ['failed', 10, 1_000_000],
    ['warning', 5_000, 10_000],
    ['failed', 5_000, 10],
  ])('%s with %d MiB and %s inodes', (result, freeMib, entries) => expect(room(freeMib, entries)).toBe(result));
});

describe('deadlines and reports of a command', () => {
  it('a deadline that is given wins, and is named by the fault that asks for more', async () => {
    const { code, json } = await run('start', 'hangs@1.0.0', '--hello-ms', '1', '--json');
    expect(code).toBe(65);
    expect(json()).toMatchObject({
      code: '3003',
      message: expect.stringContaining('did not say hello within 1 ms') as string,
      hint: expect.stringContaining('timings.helloMs') as string,
    });
  });

  it('deactivate and activate are change reports', async () => {
    const gone = await run('deactivate', 'A01', '--json');
    expect(gone.json()).toMatchObject({ kind: 'deactivate', pids: ['A01'], from: { A01: 'hangs@1.0.0' }, to: null });
    const bound = await run('activate', 'hangs@1.0.0', '--pid', 'A01', '--json');
    expect(bound.json()).toMatchObject({ kind: 'activate', pids: ['A01'], to: 'hangs@1.0.0', outcome: 'confirmed' });
  });
});
