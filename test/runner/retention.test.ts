import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { readHistory } from '../../src/runner/status/history.js';
import type { Runner } from '../../src/index.js';
import { verifyAudit } from '../../src/store/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eventually } from '../support/eventually.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, station, told } from './support/station.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ store: layout.root, actor: 'eva', keep: 2 });
});

const releases = (): string[] => runner.list().releases.map(({ release }) => release);
const install = (version: number, name = 'station', pid = 'A01') =>
  runner.install(stationZip({ name, version: `${version}.0.0`, manifest: { supported_pids: [pid] } }), {
    target: 'Deployed',
  });

describe('prune', () => {
  beforeAll(async () => {
    for (let version = 1; version <= 6; version++) await install(version);
    await install(1, 'other', 'B01');
    await runner.activate(station(1), ['A01']);
    await runner.switch(['A01'], station(3));
  });

  test('shows what may go, the oldest first: not the newest two, nor what a PID is bound or would return to', async () => {
    expect(await runner.prune()).toEqual([station(2), station(4)]);
    expect(releases()).toHaveLength(7);
  });

  test('keeps as many as it is told to', async () => {
    expect(await runner.prune({ keep: 1 })).toEqual([station(2), station(4), station(5)]);
    expect(await runner.prune({ keep: 4 })).toEqual([station(2)]);
    expect(await runner.prune({ keep: 5 })).toEqual([]);
  });

  test('leaves what runs alone', async () => {
    await runner.start(station(2));
    expect(await runner.prune()).toEqual([station(4)]);
    await runner.stop(station(2));
  });

  test('removes what it shows when it is asked to, from disk and registry; zips stay', async () => {
    expect(await runner.prune({ remove: true })).toEqual([station(2), station(4)]);
    expect(releases()).toEqual([station(1), station(3), station(5), station(6), 'other@1.0.0']);
    expect(readdirSync(join(layout.deployed, 'station')).sort()).toEqual(['1.0.0', '3.0.0', '5.0.0', '6.0.0']);
    expect(existsSync(layout.zip('station-v2.0.0-offline.zip'))).toBe(true);
    expect(await runner.prune()).toEqual([]);
  });

  test('still keeps what a rollback after the probation would return to', async () => {
    await runner.confirm(['A01']);
    await eventually(() => expect(runner.list().releases[0]).toMatchObject({ release: station(1), state: 'Stopped' }));
    expect(await runner.prune({ keep: 1 })).toEqual([station(5)]);
    expect(await runner.rollback('A01')).toMatchObject({ to: station(1) });
    await eventually(async () => expect(await runner.prune({ keep: 1 })).toEqual([station(3), station(5)]));
  });
});

describe('uninstall by force', () => {
  test('waits for calls under way, unbinds the PIDs, and removes the release', async () => {
    await runner.activate('other@1.0.0', ['B01']);
    const flow = runner.openFlow({ pid: 'B01' });
    const running = flow.execute(1, { params: { do: 'sleep 300' } });
    const waiting = call(runner, 'B01', 'sleep 20');
    expect(await refusalOf(runner.uninstall('other@1.0.0'))).toMatchObject({ code: '2007' });
    const uninstalled = runner.uninstall('other@1.0.0', { force: true });
    expect(told(await running).attempt).toBe(1);
    expect(await waiting).toMatchObject({ status: 'OK' });
    flow.close();
    await uninstalled;
    expect(releases()).not.toContain('other@1.0.0');
    expect(existsSync(layout.route('B01'))).toBe(false);
    expect(existsSync(layout.deployment('other', '1.0.0'))).toBe(false);
    expect(() => runner.routeOf('B01')).toThrow(expect.objectContaining({ code: '1001' }));
  });

  test('of the release a probation keeps warm ends that probation', async () => {
    await runner.switch(['A01'], station(5));
    await runner.uninstall(station(1), { force: true });
    expect(runner.list().routes).toMatchObject([{ pid: 'A01', release: station(5), onProbation: false }]);
    expect(releases()).not.toContain(station(1));
    expect(await refusalOf(runner.rollback('A01'))).toMatchObject({ code: /^30(11|22)$/ });
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK' });
  });

  test('of a release that rests and nobody needs is an ordinary one', async () => {
    await runner.uninstall(station(3), { force: true });
    expect(releases()).not.toContain(station(3));
  });
});

describe('the history of a PID', () => {
  test('says in order who did what to it, and how it ended; nothing of other PIDs', async () => {
    await refusalOf(runner.switch(['A01'], station(9)));
    const records = await runner.history('A01');
    expect(records.map(({ who, what, outcome }) => `${who} ${what} ${outcome}`)).toEqual([
      'eva activate done',
      'eva switch done',
      'eva confirm done',
      'eva rollback done',
      'eva switch done',
      'eva confirm done',
      'eva rollback failed',
      'eva switch failed',
    ]);
    const { details } = records[1] ?? {};
    expect(details).toMatchObject({
      pids: ['A01'],
      routes: [{ pid: 'A01', from: station(1), to: station(3) }],
    });
    expect(records.at(-1)?.details).toMatchObject({ code: '3011' });
  });

  test('can be read without a Runner, and the whole trail is sound', async () => {
    expect(await readHistory(layout.root, 'A01')).toEqual(await runner.history('A01'));
    expect(await readHistory(layout.root, 'Z01')).toEqual([]);
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true });
  });
});
