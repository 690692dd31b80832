import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replay, walkRun, whyActor } from '../../src/api/trace.js';
import { storeLayout } from '../../src/index.js';
import { inspectStore } from '../../src/runner/doctor/store-checks.js';
import { readStore } from '../../src/runner/status/read-store.js';
import type { Runner } from '../../src/index.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, station } from './support/station.js';

/** Names that every object of JavaScript inherits something under. */
const ODD = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'prototype'];
const PIDS = ['A01', ...ODD];

const layout = storeLayout(join(scratchFolder(), 'store'));
const source = readFileSync(new URL('../fixtures/packages/station.py', import.meta.url), 'utf8');

const table = <T>(value: (name: string) => T): Record<string, T> =>
  Object.fromEntries(ODD.map((name) => [name, value(name)]));

/** A station that takes parameters of odd names and sends back what it was given. */
const oddZip = (version: string): string =>
  stationZip({
    version,
    manifest: {
      supported_pids: PIDS,
      steps: [
        {
          index: 1,
          name: 'constructor',
          params: [
            { key: 'do', type: 'string', default: 'OK' },
            ...ODD.map((key, default_) => ({ key, type: 'int', default: default_ })),
          ],
        },
      ],
      required_assets: table(() => table((kind) => `assets/${kind}.json`)),
      default_config: table((kind) => `assets/${kind}.json`),
    },
    files: {
      'station.py': source.replace('"attempt": number,', '"attempt": number, "params": wire.told(call),'),
      ...Object.fromEntries(ODD.map((name) => [`assets/${name}.json`, '{}'])),
    },
  });

let runner: Runner;
const placesOf = (all: readonly { readonly pid: string; readonly release: string | null }[]): unknown =>
  all.map(({ pid, release }) => `${pid} ${release}`).sort();
const routes = (): unknown => placesOf(runner.list().routes);
const bound = (version: number): unknown => placesOf(PIDS.map((pid) => ({ pid, release: station(version) })));
const paramsIn = (result: unknown): unknown[] =>
  Object.entries((result as { data: { params: Record<string, number> } }).data.params);

beforeAll(async () => {
  runner = await openRunner({ store: layout.root });
  await runner.install(oddZip('1.0.0'));
  await runner.install(oddZip('2.0.0'));
  await runner.activate(station(1), PIDS);
});
afterAll(() => runner.close());

describe('PIDs, keys and kinds that every object inherits something under', () => {
  test('are bound like others', () => {
    expect(routes()).toEqual(bound(1));
    for (const pid of ODD) expect(existsSync(layout.route(pid))).toBe(true);
  });

  test.each(PIDS)('%s is served, with its defaults and with what is given', async (pid) => {
    const defaults = Object.fromEntries(ODD.map((key, i) => [key, i]));
    expect(await call(runner, pid)).toMatchObject({ status: 'OK' });
    const result = await call(runner, pid, 'OK', { params: table(() => 7) });
    expect(paramsIn(result)).toEqual(expect.arrayContaining(Object.entries(table(() => 7))));
    const given = JSON.parse('{"__proto__": 9}') as Record<string, number>;
    const others = Object.entries(defaults).filter(([key]) => key !== '__proto__');
    const few = await call(runner, pid, 'OK', { params: given });
    expect(paramsIn(few)).toEqual(expect.arrayContaining([['__proto__', 9], ...others]));
  });

  test('of which one is not bound are 1001 like others', () => {
    expect(() => runner.openFlow({ pid: 'isPrototypeOf' })).toThrow(/isPrototypeOf/);
    expect(() => runner.routeOf('isPrototypeOf')).toThrow(/isPrototypeOf/);
  });

  test.each(['toString', '__proto__', 'constructor'])('%s is no release', async (name) => {
    await expect(runner.start(name)).rejects.toMatchObject({ faultName: 'release_not_found' });
  });

  test('are in the form of a step', () => {
    const form = runner.form(station(1), 1);
    expect(Object.keys(form.schema['properties'] as object)).toEqual(['do', ...ODD]);
    expect(Object.entries(form.defaults)).toEqual([['do', 'OK'], ...ODD.map((key, i) => [key, i])]);
  });

  test('move to another release one by one, and come back', async () => {
    for (const pid of PIDS) {
      const report = await runner.switch([pid], station(2));
      expect(Object.entries(report.from)).toEqual([[pid, station(1)]]);
    }
    expect(routes()).toEqual(bound(2));
    for (const pid of PIDS) await runner.rollback(pid);
    expect(routes()).toEqual(bound(1));
    await runner.switch(PIDS, station(2));
    expect(routes()).toEqual(bound(2));
  });

  test('survive a restart, and their history can be told, explained and replayed', async () => {
    const trace = runner.traceFile ?? '';
    await runner.close();
    expect(await replay(trace)).toMatchObject({ first: null });
    for (const pid of ODD) expect(JSON.stringify(await whyActor(walkRun(trace), pid))).toContain(pid);
    const stored = await readStore(layout.root);
    expect(placesOf(stored.routes)).toEqual(bound(2));
    expect((await inspectStore(layout.root)).problems).toEqual([]);
    runner = await openRunner({ store: layout.root });
    expect(routes()).toEqual(bound(2));
    for (const pid of ODD) expect(await call(runner, pid)).toMatchObject({ status: 'OK', release: station(2) });
    for (const pid of ODD) expect((await runner.history(pid)).length).toBeGreaterThan(1);
    await runner.deactivate(ODD);
    expect(runner.list().routes.map(({ pid }) => pid)).toEqual(['A01']);
  });
});
