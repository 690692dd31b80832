import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { TraceRecord } from '../../src/api/trace.js';
import type { ChangeReport, ProbationPolicy, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eventually } from '../support/eventually.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, CRASH_AT_ONCE, spoil, station, told } from './support/station.js';
import { of, traceOnce, walk } from './support/trace.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO] = [station(1), station(2)];
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store: layout.root,
    retries: 0,
    restart: { immediateRestarts: 1000, breakerLosses: 1000 },
    releases: { [TWO]: { restart: { immediateRestarts: 2, breakerLosses: 1000, backoffMs: 20 } } },
  });
  await runner.install(stationZip({ version: '1.0.0' }));
  await runner.install(stationZip({ version: '2.0.0' }), { target: 'Deployed' });
  await runner.activate(ONE, ['A01']);
});

beforeEach(async () => {
  // As it was in the beginning, whatever the test before did.
  if (runner.routeOf('A01') !== ONE) await runner.rollback('A01', { to: ONE });
  await eventually(() => expect(routeView()).toMatchObject({ release: ONE, onProbation: false, fault: null }));
  await eventually(() => expect(stateOf(TWO)).toMatch(/^(Deployed|Stopped)$/));
});

const routeView = () => runner.list().routes.find(({ pid }) => pid === 'A01');
const stateOf = (release: string) => runner.list().releases.find((one) => one.release === release)?.state;
const fileNow = (): Record<string, unknown> => JSON.parse(readFileSync(layout.route('A01'), 'utf8')) as never;
const execute = (orders: string) => call(runner, 'A01', orders, orders.startsWith('sleep') ? { timeoutMs: 150 } : {});

/** A01 on probation with the new release; `ended` is the report once it serves for good, wherever. */
async function onProbation(probation: Partial<ProbationPolicy>): Promise<{ ended: Promise<ChangeReport> }> {
  let committed = (): void => undefined;
  const begun = new Promise<void>((resolve) => (committed = resolve));
  const onProgress = ({ stage }: { stage: string }): void => void (stage === 'Probation' && committed());
  const options = { until: 'confirmed', probation: { durationMs: 60_000, ...probation }, onProgress } as const;
  const ended = runner.switch(['A01'], TWO, options);
  await Promise.race([begun, ended]);
  return { ended };
}

describe('a probation ends', () => {
  test('by itself after its time; until then the release before stays warm and the file says so', async () => {
    const sinceMs = performance.now();
    const { ended } = await onProbation({ durationMs: 1000 });
    expect(routeView()).toMatchObject({ release: TWO, previous: ONE, onProbation: true });
    expect(fileNow()).toMatchObject({ version: '2.0.0', previous: { version: '1.0.0' }, probation: {} });
    expect(stateOf(ONE)).toBe('Running');
    expect(await ended).toMatchObject({ outcome: 'confirmed', reason: null });
    expect(performance.now() - sinceMs).toBeGreaterThan(1000);
    expect(fileNow()).not.toHaveProperty('probation');
    await expect.poll(() => stateOf(ONE)).toBe('Stopped');
  });

  test('at once when a person confirms it', async () => {
    const { ended } = await onProbation({});
    await runner.confirm(['A01']);
    expect(await ended).toMatchObject({ outcome: 'confirmed' });
    expect(routeView()).toMatchObject({ release: TWO, onProbation: false });
    expect(await refusalOf(runner.confirm(['A01']))).toMatchObject({ code: '3013' });
  });

  test('not before the release has served as many calls as it has to', async () => {
    const { ended } = await onProbation({ durationMs: 50, callsMin: 3 });
    await traceOnce(runner, (all) => walk(all, 'route/A01').at(-1) === 'Probation.Extended');
    await execute('OK');
    await execute('error ProgramError');
    await execute('OK');
    // Three calls, two of which it served; it would be ending its probation now if a failed one counted.
    expect(await refusalOf(runner.switch(['A01'], ONE))).toMatchObject({ details: { under_way: 'Probation' } });
    await execute('NG');
    const { outcome, timeline } = await ended;
    expect(outcome).toBe('confirmed');
    expect(timeline.map(({ stage }) => stage).slice(-4)).toEqual([
      ...['Probation', 'Probation.Extended', 'Confirming', 'Serving'],
    ]);
  });

  test('is left out where there is none', async () => {
    const options = { until: 'confirmed', probation: { durationMs: 0 } } as const;
    const { timeline, outcome } = await runner.switch(['A01'], TWO, options);
    expect(outcome).toBe('confirmed');
    expect(timeline.map(({ stage }) => stage)).not.toContain('Probation');
    expect(fileNow()).not.toHaveProperty('probation');
    await expect.poll(() => stateOf(ONE)).toBe('Stopped');
  });
});

describe('the budget of a probation', () => {
  /** Everything that shows that the PID has returned by itself. */
  async function hasReturned(ended: Promise<ChangeReport>, osPid: number, because: RegExp): Promise<void> {
    const report = await ended;
    expect(report).toMatchObject({ outcome: 'rolled_back', to: TWO, downtimeMs: 0 });
    expect(report.reason?.message).toMatch(because);
    expect(routeView()).toMatchObject({ release: ONE, onProbation: false });
    expect(fileNow()).toMatchObject({ version: '1.0.0' });
    // Warm: the very process that served before the switch.
    expect(told(await call(runner, 'A01')).os_pid).toBe(osPid);
    expect(report.timeline.map(({ stage }) => stage)).toContain('RollingBack');
    const [last] = (await runner.history('A01')).slice(-1);
    expect(last).toMatchObject({
      who: 'runner',
      what: 'rollback',
      outcome: 'done',
      details: { reason: report.reason },
    });
  }

  test.each([
    ['errors', 'error ProgramError', /as ordered/],
    ['timeouts', 'sleep 9000', /within 150 ms/],
    ['losses', 'exit 3', /exited with code 3/],
    ['violations of the contract', 'no reason', /NG/],
  ])('is spent by %s: one more than allowed, and the PID returns by itself', async (_what, orders, last) => {
    const osPid = algorithmOf(layout, ONE);
    const { ended } = await onProbation({ errorsMax: 1 });
    await execute('OK');
    await execute(orders);
    expect(routeView()).toMatchObject({ release: TWO, onProbation: true });
    await execute(orders);
    await hasReturned(ended, osPid, /failed 2 times in 3 calls; 1 were allowed/);
    expect((await ended).reason).toMatchObject({ code: '3025', name: 'probation_failed' });
    expect((await ended).reason?.message).toMatch(last);
  });

  test('is spent by the loss of a process at rest', async () => {
    const osPid = algorithmOf(layout, ONE);
    const { ended } = await onProbation({ errorsMax: 0 });
    process.kill(algorithmOf(layout, TWO), 'SIGKILL');
    await hasReturned(ended, osPid, /failed 1 times in 0 calls/);
  });

  test('is not spent by products that are not good', async () => {
    const { ended } = await onProbation({ errorsMax: 0 });
    for (let i = 0; i < 3; i++) expect(await execute('NG')).toMatchObject({ status: 'OK', verdict: 'NG' });
    expect(routeView()).toMatchObject({ release: TWO, onProbation: true });
    await runner.confirm(['A01']);
    await ended;
  });

  test('is not spent by calls that their callers cancelled, nor by flows that end on the old release', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    const ended = runner.switch(['A01'], TWO, { until: 'confirmed', probation: { errorsMax: 0 } });
    await eventually(() => expect(runner.routeOf('A01')).toBe(TWO));
    expect(await flow.execute(1, { params: { do: 'error ProgramError' } })).toMatchObject({ outcome: 'error' });
    flow.close();
    expect(await call(runner, 'A01', 'OK', { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'cancelled' });
    expect(routeView()).toMatchObject({ release: TWO, onProbation: true });
    await runner.confirm(['A01']);
    await ended;
  });

  test('counts every attempt: a call that was mended by another one has failed once', async () => {
    const osPid = algorithmOf(layout, ONE);
    const { ended } = await onProbation({ errorsMax: 1 });
    const result = await call(runner, 'A01', 'error RecoverableError x2', { retries: 2 });
    expect(result).toMatchObject({ status: 'OK' });
    await hasReturned(ended, osPid, /failed 2 times in 2 calls/);
  });

  test('does not matter once the breaker of the release opens: the PID returns by itself', async () => {
    const osPid = algorithmOf(layout, ONE);
    const { ended } = await onProbation({ errorsMax: 1000 });
    const mend = spoil(layout, TWO, CRASH_AT_ONCE);
    process.kill(algorithmOf(layout, TWO), 'SIGKILL');
    await hasReturned(ended, osPid, /not restarted any more/);
    expect((await ended).reason).toMatchObject({ code: '3006', name: 'restarts_used_up' });
    mend();
    await runner.start(TWO);
    await runner.stop(TWO);
  });
});

test('every decision is in the trace: what failed, that a rollback was wanted, and the way back', async () => {
  const { ended } = await onProbation({ errorsMax: 0 });
  await execute('error ProgramError');
  await ended;
  const isHome = (all: TraceRecord[]): boolean => walk(all, 'route/A01').at(-1) === 'Serving';
  const hasFailed = (all: TraceRecord[]): boolean =>
    of(all, 'route/A01').findLast(({ event }) => event === 'call.observed')?.data['failure'] !== null;
  // The trace lags behind: what it ends with may be the test before.
  const records = await traceOnce(runner, (all) => hasFailed(all) && isHome(all));
  const own = of(records, 'route/A01');
  const observed = own.findLast(({ event }) => event === 'call.observed');
  const wanted = of(records, 'runner').findLast(({ event }) => event === 'rollback.wanted');
  expect(observed?.data).toMatchObject({ key: TWO, failure: { code: '3010' } });
  expect(wanted?.data).toMatchObject({ pid: 'A01', key: ONE, reason: { code: '3025' } });
  expect(wanted?.seq).toBeGreaterThan(observed?.seq ?? Infinity);
  expect(walk(records, 'route/A01').slice(-5)).toEqual(
    expect.arrayContaining(['Probation', 'RollingBack', 'Serving']) as string[],
  );
});
