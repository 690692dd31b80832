import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { algorithmOf, processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store,
    restart: { immediateRestarts: 2, breakerLosses: 4, windowMs: 60_000, backoffMs: 100, jitterShare: 0 },
    releases: { 'beating@1.0.0': { timings: { pingIntervalMs: 100, pongGraceMs: 800 } } },
  });
  for (const [name, pid] of Object.entries({ frail: 'F01', fragile: 'G01', beating: 'H01', steady: 'S01' })) {
    await runner.install(rogueZip({ name, manifest: { supported_pids: [pid] } }));
    await runner.activate(`${name}@1.0.0`, [pid]);
  }
});

const viewOf = (name: string) => runner.list().releases.find((one) => one.name === name);
const kill = (name: string): boolean => process.kill(algorithmOf(layout, `${name}@1.0.0`), 'SIGKILL');
/** Single attempts: a loss each. */
const detect = (pid: string, what = '') =>
  runner.detect({ pid, image: IMAGE, params: { 1: { do: what } }, retries: 0 });
/** The Runner saw that the process is gone; its successor is not ready yet. */
const noticed = (name: string) => expect.poll(() => viewOf(name)?.reason?.code, { interval: 1 }).toBe('3002');
const restarted = async (name: string, gone: number): Promise<void> => {
  await expect.poll(() => alive(name)?.osPid ?? gone, { interval: 10 }).not.toBe(gone);
};
const alive = (name: string) =>
  processesOf(layout).find(({ command }) => command.startsWith(`${layout.deployment(name, '1.0.0')}/venv/bin/python`));

describe('a process that dies at rest', () => {
  test('is replaced at once, and calls made meanwhile wait for its successor', async () => {
    kill('frail');
    await noticed('frail');
    expect(await detect('F01')).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(viewOf('frail')).toMatchObject({ state: 'Running', wanted: 'running', reason: null });
  });

  test('by SIGSTOP is found by its heartbeat and replaced', async () => {
    const osPid = algorithmOf(layout, 'beating@1.0.0');
    process.kill(osPid, 'SIGSTOP');
    await restarted('beating', osPid);
    expect(await detect('H01')).toMatchObject({ verdict: 'OK' });
  });
});

describe('a release that loses its processes again and again', () => {
  test('is restarted with a pause after the immediate restarts, and given up at exactly its limit', async () => {
    const outcomes: unknown[] = [];
    for (let loss = 1; loss <= 4; loss++) {
      const { steps } = await detect('G01', 'crash');
      outcomes.push(steps[0]?.pre);
    }
    for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: 'lost', fault: { code: '3002' } });
    await expect.poll(() => viewOf('fragile')?.state).toBe('Stopped');
    expect(viewOf('fragile')).toMatchObject({ reason: { code: '3006', name: 'restarts_used_up' }, wanted: 'running' });
    expect(viewOf('fragile')?.reason?.message).toContain('exited with code 1');
    expect(alive('fragile')).toBeUndefined();
  });

  test('answers calls at once with that fault, while its PID stays bound to it', async () => {
    const refusal = await refusalOf(detect('G01'));
    expect(refusal).toMatchObject({ code: '3006', faultName: 'restarts_used_up' });
    expect(runner.routeOf('G01')).toBe('fragile@1.0.0');
    expect(runner.list().routes.find(({ pid }) => pid === 'G01')).toMatchObject({
      release: 'fragile@1.0.0',
      fault: { code: '3006' },
    });
    expect(runner.images.leased).toBe(0);
  });

  test('does not disturb any other', async () => {
    expect(await detect('S01')).toMatchObject({ verdict: 'OK' });
  });

  test('is started again by a person, with a clean slate', async () => {
    await runner.start('fragile@1.0.0');
    expect(viewOf('fragile')).toMatchObject({ state: 'Running', reason: null });
    expect(await detect('G01', 'crash')).toMatchObject({ status: 'ERROR' });
    expect(await detect('G01')).toMatchObject({ verdict: 'OK' });
    expect(runner.list().routes.find(({ pid }) => pid === 'G01')?.fault).toBeNull();
  });
});

test('calls that wait while every restart fails are answered with the fault', async () => {
  const program = join(layout.deployment('frail', '1.0.0'), 'rogue.py');
  renameSync(program, `${program}.away`);
  kill('frail');
  await noticed('frail');
  const { steps } = await detect('F01');
  expect(steps[0]?.pre).toMatchObject({ outcome: 'lost', fault: { code: '3006' } });
  expect(viewOf('frail')).toMatchObject({ state: 'Stopped', reason: { code: '3006' } });
  renameSync(`${program}.away`, program);
  await runner.start('frail@1.0.0');
  expect(await detect('F01')).toMatchObject({ verdict: 'OK' });
});
