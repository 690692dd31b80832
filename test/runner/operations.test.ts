import { rmSync, writeFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { readStore } from '../../src/runner/status/read-store.js';
import type { Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const ONE = 'one@1.0.0';
const TWO = 'two@1.0.0';
let runner: Runner;

const assets = {
  manifest: { supported_pids: ['A01', 'A02'], required_assets: { A02: { model: 'assets/m.bin' } } },
  files: { 'assets/m.bin': 'weights' },
};

beforeAll(async () => {
  runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'one', ...assets }));
  await runner.install(rogueZip({ name: 'two', manifest: { supported_pids: ['A01', 'B01'] } }));
});

const viewOf = (key: string) => runner.list().releases.find(({ release }) => release === key);
/** An operation that is refused changes nothing, in memory or on disk. */
async function refused(work: () => Promise<unknown>) {
  const facts = async () => ({ list: runner.list(), disk: await readStore(store), active: readdirSync(layout.active) });
  const before = await facts();
  const refusal = await refusalOf(work());
  expect(await facts()).toEqual(before);
  expect(refusal.hint.length).toBeGreaterThan(10);
  return refusal;
}

describe('activate', () => {
  test('a PID the release does not support is refused as 2006', async () => {
    expect(await refused(() => runner.activate(ONE, ['B01']))).toMatchObject({ code: '2006' });
  });

  test('a PID whose assets are not all there is refused as 1003, each named', async () => {
    const asset = join(layout.deployment('one', '1.0.0'), 'assets', 'm.bin');
    rmSync(asset);
    const refusal = await refused(() => runner.activate(ONE, ['A02']));
    expect(refusal).toMatchObject({ code: '1003', details: { missing: ['assets/m.bin'] } });
    expect(refusal.message).toContain('assets/m.bin');
    writeFileSync(asset, 'weights');
    await runner.activate(ONE, ['A02']);
    await runner.deactivate(['A02']);
  });

  test('a release that is not there is refused as 3011', async () => {
    expect(await refused(() => runner.activate('nobody@1.0.0', ['A01']))).toMatchObject({ code: '3011' });
  });

  test.each(['../up', 'a/b', '', '.', 'x'.repeat(300)])(
    'a PID that is no safe file name (%j) is refused',
    async (pid) => {
      expect((await refused(() => runner.activate(ONE, [pid]))).code).toMatch(/^(2006|1001|3022)$/);
      expect(existsSync(join(layout.root, 'up.json'))).toBe(false);
    },
  );

  test('binds the PID, in memory and on disk', async () => {
    await runner.activate(ONE, ['A01']);
    expect(runner.routeOf('A01')).toBe(ONE);
    expect(JSON.parse(readFileSync(layout.route('A01'), 'utf8'))).toMatchObject({ name: 'one', version: '1.0.0' });
    expect(viewOf(ONE)).toMatchObject({ routedPids: ['A01'] });
  });

  test('again is done already', async () => {
    const written = readFileSync(layout.route('A01'), 'utf8');
    await runner.activate(ONE, ['A01']);
    expect(readFileSync(layout.route('A01'), 'utf8')).toBe(written);
  });

  test('a PID that is bound to another algorithm is refused as 2006', async () => {
    const refusal = await refused(() => runner.activate(TWO, ['A01']));
    expect(refusal).toMatchObject({ code: '2006', details: { bound: ONE } });
    expect(refusal.hint).toContain('Deactivate A01');
  });

  test('starts a release that is stopped', async () => {
    await runner.stop(TWO);
    await runner.activate(TWO, ['B01']);
    expect(viewOf(TWO)).toMatchObject({ state: 'Running', wanted: 'running' });
    expect(await runner.detect({ pid: 'B01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });
});

describe('a routed release', () => {
  test('is not stopped', async () => {
    const refusal = await refused(() => runner.stop(ONE));
    expect(refusal).toMatchObject({ code: '2007', details: { pids: ['A01'] } });
    expect(refusal.message).toContain('A01');
  });

  test('is not uninstalled, running or not', async () => {
    expect(await refused(() => runner.uninstall(ONE))).toMatchObject({ code: '2007' });
    await runner.stop(ONE, { force: true });
    expect(await refused(() => runner.uninstall(ONE))).toMatchObject({ code: '2007' });
  });

  test('that was stopped by force answers calls at once, saying so', async () => {
    expect(await refusalOf(runner.detect({ pid: 'A01', image: IMAGE }))).toMatchObject({ code: '3012' });
    expect(processesOf(layout).filter(({ command }) => command.includes('/one/'))).toEqual([]);
    await runner.start(ONE);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });
});

describe('deactivate', () => {
  test('a PID that is not bound is refused as 1001', async () => {
    expect(await refused(() => runner.deactivate(['Z01']))).toMatchObject({ code: '1001' });
  });

  test('unbinds, in memory and on disk, and leaves the release running', async () => {
    await runner.deactivate(['A01']);
    expect(() => runner.routeOf('A01')).toThrow(expect.objectContaining({ code: '1001' }));
    expect(existsSync(layout.route('A01'))).toBe(false);
    expect(viewOf(ONE)).toMatchObject({ state: 'Running', routedPids: [] });
  });
});

describe('start, stop, uninstall', () => {
  test('start of a running release is done already, stop of a stopped one too', async () => {
    await runner.start(ONE);
    await runner.stop(ONE);
    await runner.stop(ONE);
    expect(viewOf(ONE)).toMatchObject({ state: 'Stopped' });
  });

  test('uninstall of a running release is refused as 2007, with the way out', async () => {
    await runner.start(ONE);
    const refusal = await refused(() => runner.uninstall(ONE));
    expect(refusal).toMatchObject({ code: '2007' });
    expect(refusal.hint).toMatch(/stop/i);
    await runner.stop(ONE);
  });

  test.each(['start', 'stop', 'uninstall'] as const)(
    '%s of a release that is not there is refused as 3011',
    async (what) => {
      expect(await refused(() => runner[what]('nobody@1.0.0'))).toMatchObject({ code: '3011' });
    },
  );

  test('uninstall removes the folder and the entry; the zip stays', async () => {
    await runner.uninstall(ONE);
    expect(viewOf(ONE)).toBeUndefined();
    expect(existsSync(layout.deployment('one', '1.0.0'))).toBe(false);
    expect((await readStore(store)).releases.map(({ release }) => release)).toEqual([TWO]);
    expect(existsSync(layout.zip('one-v1.0.0-offline.zip'))).toBe(true);
  });

  test('many operations at once end in a state that is one of theirs, in memory and on disk alike', async () => {
    await runner.deactivate(['B01']);
    const work = [
      runner.start(TWO),
      runner.stop(TWO),
      runner.activate(TWO, ['B01']),
      runner.stop(TWO),
      runner.start(TWO),
    ];
    const outcomes = await Promise.allSettled(work);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'RunnerError' });
    const view = viewOf(TWO);
    expect(['Running', 'Stopped']).toContain(view?.state);
    const route = runner.list().routes.find(({ pid }) => pid === 'B01')?.release ?? null;
    expect((await readStore(store)).routes.find(({ pid }) => pid === 'B01')?.release ?? null).toBe(route);
    expect(await onDisk(TWO)).toBe(view?.wanted);
  });
});

const onDisk = async (key: string) => (await readStore(store)).releases.find(({ release }) => release === key)?.wanted;
