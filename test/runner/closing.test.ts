import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { ChangeStep, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eventually } from '../support/eventually.js';
import { census, processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';
import { call, spoil, station, told, WAITS_TO_START } from './support/station.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO] = [station(1), station(2)];
let runner: Runner;

beforeAll(async () => {
  const first = await openRunner({ store: layout.root });
  await first.install(stationZip({ version: '1.0.0' }));
  await first.install(stationZip({ version: '2.0.0' }), { target: 'Deployed' });
  await first.activate(ONE, ['A01']);
  await first.close();
});

beforeEach(async () => {
  const timings = { drainMs: 20_000, shutdownMs: 20_000 };
  runner = await openRunner({ store: layout.root, retries: 0, timings });
  await call(runner, 'A01');
});

afterEach(async () => {
  await runner.close();
  expect(processesOf(layout)).toEqual([]);
  expect(existsSync(runner.images.folder)).toBe(false);
  expect(census(runner, layout)).toMatchObject({ staging: [], leased: 0, files: ['/dev/null'] });
});

const stateOf = () => runner.list().releases.find(({ release }) => release === ONE)?.state;
const executing = () => expect.poll(stateOf, { interval: 5 }).toBe('Executing');

describe('close()', () => {
  test('finishes calls that run and calls that wait, and refuses new ones at once', async () => {
    const calls = [call(runner, 'A01', 'sleep 200'), call(runner, 'A01', 'sleep 20')];
    await executing();
    const closed = runner.close();
    expect(() => runner.openFlow({ pid: 'A01' })).toThrow(expect.objectContaining({ code: '3021' }));
    for (const result of await Promise.all(calls)) expect(result).toMatchObject({ status: 'OK' });
    await closed;
  });

  test('finishes retries within the budget of a call it has accepted', async () => {
    const result = call(runner, 'A01', 'sleep 200; error RecoverableError x2', { retries: 2 });
    await executing();
    await runner.close();
    expect(told(await result).attempt).toBe(3);
  });

  test('an inspection under way is finished: its product gets its verdict', async () => {
    const params = { 1: { do: 'sleep 300' }, 2: { do: 'sleep 100' } };
    const detection = runner.detect({ pid: 'A01', image: IMAGE, params });
    await executing();
    const closed = runner.close();
    expect(await detection).toMatchObject({ status: 'OK', verdict: 'OK' });
    await closed;
  });

  test.each(['extracting', 'environment', 'installing'] as const)(
    'an installation it overtakes while %s is told in the store before that is free, and leaves nothing',
    async (stage) => {
      let reached = (): void => undefined;
      const atStage = new Promise<void>((resolve) => (reached = resolve));
      const onProgress = (progress: { readonly stage: string }): void => {
        if (progress.stage === stage) reached();
      };
      const installed = refusalOf(runner.install(stationZip({ version: '3.0.0' }), { onProgress }));
      await atStage;
      await runner.close({ hurry: true });
      const [last = '{}'] = readFileSync(layout.audit, 'utf8').trimEnd().split('\n').slice(-1);
      expect(JSON.parse(last)).toMatchObject({ what: 'install', subject: station(3), outcome: 'failed' });
      expect((await installed).code).toBe('3021');
      await using next = await openRunner({ store: layout.root });
      expect(next.problems).toEqual([]);
      await next.uninstall(station(3), { force: true });
    },
  );

  test('is the same when it is called again', async () => {
    await Promise.all([runner.close(), runner.close()]);
    await runner.close();
  });
});

describe('close({ hurry: true })', () => {
  test('waits for nothing: calls that run and calls that wait are cancelled, processes are killed', async () => {
    const calls = [call(runner, 'A01', 'sleep 60000'), call(runner, 'A01')];
    await executing();
    const sinceMs = performance.now();
    await runner.close({ hurry: true });
    expect(performance.now() - sinceMs).toBeLessThan(10_000);
    for (const result of await Promise.all(calls))
      expect(result).toMatchObject({ outcome: 'cancelled', fault: { code: '3008' } });
  });

  test('hurries a close that is under way', async () => {
    const running = call(runner, 'A01', 'sleep 60000');
    await executing();
    const closed = runner.close();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const sinceMs = performance.now();
    await Promise.all([closed, runner.close({ hurry: true })]);
    expect(performance.now() - sinceMs).toBeLessThan(10_000);
    expect(await running).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('a close during a switch', () => {
  test('before its commit calls it off: route, file and old release are as they were', async () => {
    const mend = spoil(layout, TWO, WAITS_TO_START);
    const before = readFileSync(layout.route('A01'), 'utf8');
    const stages: string[] = [];
    const onProgress = ({ stage }: ChangeStep): void => void stages.push(stage);
    const switching = refusalOf(runner.switch(['A01'], TWO, { onProgress }));
    await eventually(() => expect(stages).toContain('Preheating'));
    await runner.close({ hurry: true });
    expect((await switching).code).toMatch(/^30(21|24)$/);
    expect(readFileSync(layout.route('A01'), 'utf8')).toBe(before);
    mend();
    const next = await openRunner({ store: layout.root });
    expect(told(await call(next, 'A01')).version).toBe('1.0.0');
    expect(next.problems).toEqual([]);
    await next.close();
  });

  test('in its probation tells what is so: committed; the next Runner goes on with the probation', async () => {
    let onProbation = (): void => undefined;
    const begun = new Promise<void>((resolve) => (onProbation = resolve));
    const onProgress = ({ stage }: ChangeStep): void => void (stage === 'Probation' && onProbation());
    const options = { until: 'confirmed', probation: { durationMs: 60_000 }, onProgress } as const;
    const switched = runner.switch(['A01'], TWO, options);
    await begun;
    await runner.close();
    expect(await switched).toMatchObject({ outcome: 'committed', to: TWO, errors: 0, downtimeMs: 0 });
    const next = await openRunner({ store: layout.root });
    expect(next.list().routes).toMatchObject([{ pid: 'A01', release: TWO, previous: ONE, onProbation: true }]);
    expect(told(await call(next, 'A01')).version).toBe('2.0.0');
    await next.close();
  });
});
