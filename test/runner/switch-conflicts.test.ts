import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { readStore } from '../../src/runner/status/read-store.js';
import type { ChangeReport, Runner, RunnerError } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eventually } from '../support/eventually.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { go, spoil, station, WAITS_TO_START } from './support/station.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO, THREE] = [station(1), station(2), station(3)];
const PIDS = ['A01', 'A02', 'A03'];
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ store: layout.root, probation: { durationMs: 60_000 } });
  const two = { supported_pids: ['A01', 'A02'], required_assets: { A02: { model: 'assets/m.bin' } } };
  const files = { 'assets/m.bin': 'weights' };
  await runner.install(stationZip({ version: '1.0.0', manifest: { supported_pids: PIDS } }));
  await runner.install(stationZip({ version: '2.0.0', manifest: two, files }), { target: 'Deployed' });
  await runner.install(stationZip({ version: '3.0.0', manifest: { supported_pids: PIDS } }), { target: 'Deployed' });
  await runner.install(stationZip({ name: 'other', manifest: { supported_pids: PIDS } }), { target: 'Deployed' });
  await runner.activate(ONE, PIDS);
});

/** What must not change: routes in memory and on disk, and the releases but for why they rest. */
const facts = async () => ({
  routes: runner.list().routes,
  disk: (await readStore(layout.root)).routes,
  files: PIDS.map((pid) => readFileSync(layout.route(pid), 'utf8')),
  states: runner.list().releases.map(({ release, state }) => `${release} ${state}`),
});

/** Refused at once, and nothing has changed for it. */
async function refused(work: () => Promise<unknown>): Promise<RunnerError> {
  const before = await facts();
  const refusal = await refusalOf(work());
  expect(await facts()).toEqual(before);
  expect(refusal.hint.length).toBeGreaterThan(10);
  return refusal;
}

describe('several PIDs are switched together or not at all', () => {
  test('not when the release does not support one of them', async () => {
    const refusal = await refused(() => runner.switch(PIDS, TWO));
    expect(refusal).toMatchObject({ code: '2006' });
    expect(refusal.message).toContain('A03');
  });

  test('not when one of them is not bound', async () => {
    const refusal = await refused(() => runner.switch(['A01', 'Z01'], TWO));
    expect(refusal.code).toMatch(/^(1001|2006)$/);
    expect(refusal.message).toContain('Z01');
  });

  test('not when the release lacks an asset one of them requires', async () => {
    const asset = join(layout.deployment('station', '2.0.0'), 'assets/m.bin');
    rmSync(asset);
    expect(await refused(() => runner.switch(['A01', 'A02'], TWO))).toMatchObject({ code: '1003' });
    writeFileSync(asset, 'weights');
  });

  test('not to another algorithm', async () => {
    expect(await refused(() => runner.switch(['A01'], 'other@1.0.0'))).toMatchObject({ code: '2006' });
  });

  test('not when nobody is named', async () => {
    expect(await refused(() => runner.switch([], TWO))).toMatchObject({ code: '3022' });
  });
});

describe('while a switch of A01 and A02 is under way', () => {
  let switching: Promise<ChangeReport>;

  beforeAll(async () => {
    spoil(layout, TWO, WAITS_TO_START);
    const stages: string[] = [];
    switching = runner.switch(['A01', 'A02'], TWO, { onProgress: ({ stage }) => stages.push(stage) });
    await eventually(() => expect(stages).toContain('Preheating'));
  });

  test.each<[string, () => Promise<unknown>]>([
    ['another switch of the first', () => runner.switch(['A01'], THREE)],
    ['another switch of the second', () => runner.switch(['A02'], THREE)],
    ['a switch of one of them together with a third', () => runner.switch(['A03', 'A02'], THREE)],
    ['the same switch once more', () => runner.switch(['A01', 'A02'], TWO)],
    ['a rollback', () => runner.rollback('A02', { to: THREE })],
    ['a deactivation', () => runner.deactivate(['A02'])],
  ])('%s is refused with what is under way', async (_what, work) => {
    const refusal = await refused(work);
    expect(refusal).toMatchObject({ code: '3013', faultName: 'operation_conflict' });
    expect(refusal.message).toMatch(
      /^A0[12] (is being switched to|takes part in a change under way: switch to) station@2/,
    );
    expect(refusal.details['under_way']).toMatch(/^(Switching|switch)$/);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['the release they are switched to is not stopped', () => runner.stop(TWO)],
    ['nor is it uninstalled, although it is only being started', () => runner.uninstall(TWO)],
    ['the release they are bound to is not stopped', () => runner.stop(ONE)],
    ['nor is it uninstalled', () => runner.uninstall(ONE)],
  ])('%s', async (_what, work) => {
    expect(await refused(work)).toMatchObject({ code: '2007', faultName: 'unsafe_uninstall' });
  });

  test('another PID is switched all the same', async () => {
    expect(await runner.switch(['A03'], THREE, { probation: { durationMs: 0 } })).toMatchObject({ to: THREE });
    expect(runner.routeOf('A03')).toBe(THREE);
  });

  test('it is done when the release is ready, and no refusal disturbed it', async () => {
    go(layout, TWO);
    expect(await switching).toMatchObject({ outcome: 'committed', errors: 0, downtimeMs: 0 });
    expect(PIDS.map((pid) => runner.routeOf(pid))).toEqual([TWO, TWO, THREE]);
  });
});

describe('while A01 is on probation', () => {
  test('a switch to a third release is refused, with both ways out', async () => {
    const refusal = await refused(() => runner.switch(['A01'], THREE));
    expect(refusal).toMatchObject({ code: '3013', details: { under_way: 'Probation' } });
    expect(refusal.hint).toMatch(/[Cc]onfirm.*roll back/);
  });

  test('the release before it is neither stopped nor uninstalled, since a rollback needs it', async () => {
    expect(await refused(() => runner.stop(ONE))).toMatchObject({ code: '2007', details: { pids: ['A01', 'A02'] } });
    expect(await refused(() => runner.uninstall(ONE))).toMatchObject({ code: '2007' });
  });

  test('a PID that is on no probation cannot be confirmed', async () => {
    expect(await refused(() => runner.confirm(['A03']))).toMatchObject({ code: '3013' });
    expect(await refused(() => runner.confirm(['Z01']))).toMatchObject({ code: '1001' });
  });
});

test('of two switches of one PID at the same moment one is made and one refused', async () => {
  await runner.confirm(['A01', 'A02']);
  const outcomes = await Promise.allSettled([runner.switch(['A01'], ONE), runner.switch(['A01'], THREE)]);
  const made = outcomes.filter(({ status }) => status === 'fulfilled');
  expect(made).toHaveLength(1);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '3013' } });
  expect(runner.routeOf('A01')).toBe((made[0] as PromiseFulfilledResult<ChangeReport>).value.to);
});
