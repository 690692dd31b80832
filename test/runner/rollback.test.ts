import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eventually } from '../support/eventually.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, CRASH_AT_ONCE, spoil, station, told } from './support/station.js';
import { of, traceOf, traceOnce } from './support/trace.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO, THREE] = [station(1), station(2), station(3)];
let runner: Runner;

beforeAll(async () => {
  const manifest = { supported_pids: ['A01', 'F01', 'D01'] };
  runner = await openRunner({
    store: layout.root,
    probation: { durationMs: 60_000 },
    restart: { immediateRestarts: 1, breakerLosses: 1000, backoffMs: 20 },
    releases: { safe: { fallback: true } },
  });
  await runner.install(stationZip({ version: '1.0.0', manifest }));
  await runner.install(stationZip({ version: '2.0.0', manifest }), { target: 'Deployed' });
  await runner.install(stationZip({ version: '3.0.0', manifest }), { target: 'Deployed' });
  await runner.activate(ONE, ['A01']);
});

const stateOf = (release: string) => runner.list().releases.find((one) => one.release === release)?.state;
const rests = (release: string) => expect.poll(() => stateOf(release)).toBe('Stopped');
const routeView = (pid = 'A01') => runner.list().routes.find((route) => route.pid === pid);
const fileNow = () => JSON.parse(readFileSync(layout.route('A01'), 'utf8')) as unknown;
const versionOf = async (pid = 'A01'): Promise<string> => told(await call(runner, pid)).version;
/** Processes of a release the trace has seen so far. */
const startsOf = async (release: string): Promise<number> =>
  of(await traceOf(runner), `package/${release}/process/1`).filter(({ event }) => event === 'os.spawned').length;

describe('a rollback while the release before is warm', () => {
  test('is instant and starts no process: the very one that served before serves again', async () => {
    const osPid = algorithmOf(layout, ONE);
    await runner.switch(['A01'], TWO);
    const starts = await startsOf(ONE);
    const flow = runner.openFlow({ pid: 'A01' });
    await flow.execute(1);
    const report = await runner.rollback('A01');
    expect(report).toMatchObject({ kind: 'rollback', from: { A01: TWO }, to: ONE, errors: 0, downtimeMs: 0 });
    expect(told(await call(runner, 'A01')).os_pid).toBe(osPid);
    expect(fileNow()).toMatchObject({ name: 'station', version: '1.0.0' });
    expect(fileNow()).not.toHaveProperty('probation');
    // The flow that began on the new release ends there; then nobody needs that any more.
    expect(told(await flow.execute(2)).version).toBe('2.0.0');
    flow.close();
    await rests(TWO);
    expect(await startsOf(ONE)).toBe(starts);
  });

  test('has nothing to return to a second time', async () => {
    const refusal = await refusalOf(runner.rollback('A01'));
    expect(refusal).toMatchObject({ code: '3022', faultName: 'invalid_usage' });
    expect(refusal.hint).toMatch(/[Nn]ame the release/);
    expect(await versionOf()).toBe('1.0.0');
  });
});

describe('a rollback after the probation', () => {
  test('starts the release again first, and the present one serves until it is able', async () => {
    await runner.switch(['A01'], TWO);
    await runner.confirm(['A01']);
    await rests(ONE);
    let done = false;
    const rollback = runner.rollback('A01', { until: 'confirmed' }).finally(() => (done = true));
    const served: string[] = [];
    while (!done) served.push(await versionOf());
    const report = await rollback;
    expect(report).toMatchObject({ outcome: 'confirmed', to: ONE, errors: 0, downtimeMs: 0 });
    expect(served[0]).toBe('2.0.0');
    expect(await versionOf()).toBe('1.0.0');
    await rests(TWO);
  });

  test('goes to any kept release that is named, also one the PID was never bound to', async () => {
    expect(await runner.rollback('A01', { to: THREE })).toMatchObject({
      outcome: 'confirmed',
      from: { A01: ONE },
      to: THREE,
    });
    expect(await versionOf()).toBe('3.0.0');
    await rests(ONE);
    await runner.rollback('A01', { to: ONE });
  });

  test('is refused to a release that is gone, or of another algorithm, or does not support the PID', async () => {
    const manifest = { supported_pids: ['A01', 'D01'] };
    await runner.install(stationZip({ name: 'other', manifest }), { target: 'Deployed' });
    await runner.install(stationZip({ version: '4.0.0', manifest: { supported_pids: ['X01'] } }), {
      target: 'Deployed',
    });
    expect(await refusalOf(runner.rollback('A01', { to: station(9) }))).toMatchObject({ code: '3011' });
    expect(await refusalOf(runner.rollback('A01', { to: 'other@1.0.0' }))).toMatchObject({ code: '2006' });
    expect(await refusalOf(runner.rollback('A01', { to: station(4) }))).toMatchObject({ code: '2006' });
    expect(await refusalOf(runner.rollback('Z01'))).toMatchObject({ code: '1001' });
    expect(await versionOf()).toBe('1.0.0');
  });

  test('to a release that does not start is called off, and the present one serves on', async () => {
    const mend = spoil(layout, THREE, CRASH_AT_ONCE);
    expect(await refusalOf(runner.rollback('A01', { to: THREE }))).toMatchObject({ code: '3003' });
    expect(await versionOf()).toBe('1.0.0');
    expect(routeView()).toMatchObject({ release: ONE, fault: null });
    mend();
  });
});

test('a rollback from the probation to a third release lets go of both others', async () => {
  await runner.start(THREE);
  await runner.switch(['A01'], TWO);
  expect(await runner.rollback('A01', { to: THREE })).toMatchObject({ to: THREE, errors: 0, downtimeMs: 0 });
  expect(await versionOf()).toBe('3.0.0');
  await rests(ONE);
  await rests(TWO);
  await runner.rollback('A01', { to: ONE });
});

describe('after the probation, when the release falls for good', () => {
  /** The new release of an algorithm serves, its probation is over, and it will not start again. */
  async function fallen(name: string, pid: string) {
    for (const version of ['1.0.0', '2.0.0'])
      await runner.install(stationZip({ name, version, manifest: { supported_pids: [pid] } }));
    await runner.activate(`${name}@1.0.0`, [pid]);
    await runner.switch([pid], `${name}@2.0.0`, { probation: { durationMs: 0 }, until: 'confirmed' });
    await rests(`${name}@1.0.0`);
    spoil(layout, `${name}@2.0.0`, CRASH_AT_ONCE);
    process.kill(algorithmOf(layout, `${name}@2.0.0`), 'SIGKILL');
  }

  test('the PID stays bound to it, faulted by name, and calls are answered with the fault', async () => {
    await fallen('plain', 'D01');
    await eventually(() => expect(routeView('D01')?.fault?.code).toBe('3006'));
    expect(routeView('D01')).toMatchObject({ release: 'plain@2.0.0' });
    expect(await refusalOf(call(runner, 'D01'))).toMatchObject({ code: '3006' });
    await runner.rollback('D01');
    expect(await versionOf('D01')).toBe('1.0.0');
  });

  test('it returns to the release before by itself where that is the policy', async () => {
    await fallen('safe', 'F01');
    await eventually(() => expect(runner.routeOf('F01')).toBe('safe@1.0.0'));
    expect(await versionOf('F01')).toBe('1.0.0');
    expect(routeView('F01')).toMatchObject({ fault: null, onProbation: false });
    const [last] = (await runner.history('F01')).slice(-1);
    expect(last).toMatchObject({ who: 'runner', what: 'rollback', details: { reason: { code: '3006' } } });
    const wanted = (all: Awaited<ReturnType<typeof traceOf>>): boolean =>
      of(all, 'runner').some(({ event, data }) => event === 'rollback.wanted' && data['pid'] === 'F01');
    await traceOnce(runner, wanted);
  });
});
