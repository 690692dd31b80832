import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, failed } from './support/station.js';

const HARMED = 'harmed@1.0.0';
const STEPS = [{ index: 1, name: 'look', params: [{ key: 'do', type: 'string', default: '' }] }];
const layout = storeLayout(join(scratchFolder(), 'store'));
let runner: Runner;

beforeAll(async () => {
  // Enough for what the calls cost; a start that cannot work is tried as often.
  const restart = { immediateRestarts: 20, breakerLosses: 20 };
  const timings = { executeMs: 2000 };
  runner = await openRunner({ store: layout.root, retries: 0, restart, timings });
  await runner.install(rogueZip({ name: 'harmed', manifest: { steps: STEPS } }, 'harms_itself'));
  await runner.activate(HARMED, ['A01']);
});

describe('an algorithm that in a call', () => {
  test.each([
    ['stops', 'timed_out'],
    ['closes stdout', expect.stringMatching(/^(lost|timed_out)$/)], // the tools in front of it hold it open, too
    ['floods frames of one byte', 'lost'],
    ['floods empty frames', 'lost'],
  ])('%s costs that call, and the next one is served', async (what, outcome) => {
    expect(failed(await call(runner, 'A01', what)).outcome).toEqual(outcome);
    expect(await call(runner, 'A01', '')).toMatchObject({ status: 'OK' });
  });

  test('closes stdin answers, and is replaced for the next one', async () => {
    expect(await call(runner, 'A01', 'closes stdin')).toMatchObject({ status: 'OK' });
    await expect.poll(async () => (await call(runner, 'A01', '')).status).toBe('OK');
  });

  test('lowers its score stays the first to go when memory is short', async () => {
    const own = Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
    const result = await call(runner, 'A01', 'lowers its score');
    expect(result).toMatchObject({ status: 'OK' });
    const { score } = (result as unknown as { data: { score: number } }).data;
    expect(score).toBeGreaterThanOrEqual(own);
  });

  test('plants modules and start-up files has them named at its next start', async () => {
    expect(await call(runner, 'A01', 'plants')).toMatchObject({ status: 'OK' });
    await runner.stop(HARMED, { force: true });
    // Its own `json` is what it imports now.
    expect((await refusalOf(runner.start(HARMED))).code).toBe('3003');
    const named = runner.problems.find(({ faultName }) => faultName === 'release_altered')?.message;
    for (const path of ['json.py', 'sitecustomize.py', 'planted.pth']) expect(named).toContain(path);
    rmSync(join(layout.deployment('harmed', '1.0.0'), 'json.py'));
  });

  test('becomes daemons leaves none behind where it has a namespace of its own', async () => {
    await runner.stop(HARMED, { force: true });
    await runner.start(HARMED);
    expect(await call(runner, 'A01', 'becomes daemons')).toMatchObject({ status: 'OK' });
    await runner.stop(HARMED, { force: true });
    if (runner.isolation === 'namespace') await expect.poll(() => processesOf(layout)).toEqual([]);
  });
});
