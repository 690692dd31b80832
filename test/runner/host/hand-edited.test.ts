import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import { readStore } from '../../../src/runner/status/read-store.js';
import type { Runner } from '../../../src/index.js';
import { scratchFolder } from '../support/folders.js';
import { stationZip } from '../support/packages.js';
import { openRunner } from '../support/runners.js';
import { call, station } from '../support/station.js';
import { refusalOf } from '../../store/support/refusal.js';

const layout = storeLayout(join(scratchFolder(), 'store'));

const edit = (pid: string, change: Record<string, unknown>): void => {
  const route = JSON.parse(readFileSync(layout.route(pid), 'utf8')) as Record<string, unknown>;
  writeFileSync(layout.route(pid), JSON.stringify({ ...route, ...change }));
};

/** What was done to the file of a PID, and whether what it holds then is kept aside when the PID is bound again. */
const EDITS: readonly [pid: string, what: string, keptAside: boolean, edit: (path: string, pid: string) => void][] = [
  ['B01', 'emptied', true, (path) => truncateSync(path, 0)],
  ['B02', 'cut short', true, (path) => truncateSync(path, 20)],
  ['B03', 'replaced by a text', true, (path) => writeFileSync(path, 'station 2.0.0\n')],
  ['B04', 'replaced by a folder', true, (path) => (rmSync(path), mkdirSync(path))],
  ['B05', 'replaced by a link', true, (path) => (rmSync(path), symlinkSync('/etc/hostname', path))],
  ['B06', 'robbed of its version', true, (_path, pid) => edit(pid, { version: undefined })],
  ['B08', 'pointed at a release that does not serve it', true, (_path, pid) => edit(pid, { version: '2.0.0' })],
  ['B07', 'pointed at a release that is not there', false, (_path, pid) => edit(pid, { version: '9.0.0' })],
];
/** To be unbound while its file is bad. */
const UNBOUND = 'C01';
const PIDS = ['A01', UNBOUND, ...EDITS.map(([pid]) => pid)];
let runner: Runner;

beforeAll(async () => {
  const first = await openRunner({ store: layout.root });
  await first.install(stationZip({ manifest: { supported_pids: PIDS } }));
  await first.install(stationZip({ version: '2.0.0', manifest: { supported_pids: ['A01'] } }));
  await first.activate(station(1), PIDS);
  await first.close();
  for (const [pid, , , change] of EDITS) change(layout.route(pid), pid);
  truncateSync(layout.route(UNBOUND), 0);
  runner = await openRunner({ store: layout.root });
});

test('a PID whose file nobody touched is served', async () => {
  expect(await call(runner, 'A01')).toMatchObject({ status: 'OK' });
});

describe.each(EDITS)('a PID (%s) whose file was %s', (pid, _what, keptAside) => {
  test('is degraded by name, and its calls are answered at once with the reason', async () => {
    const refusal = await refusalOf(call(runner, pid));
    expect(refusal).toMatchObject({ code: '3018', faultName: 'store_corrupt' });
    expect(refusal.message).toContain(pid);
    expect(runner.list().routes.find((route) => route.pid === pid)?.fault).toMatchObject({ code: '3018' });
  });

  test('is among the problems the Runner tells', () => {
    expect(runner.problems.filter((problem) => problem.message.includes(pid))).not.toEqual([]);
  });

  test('is bound again by a person, and what could not be understood is kept aside', async () => {
    await runner.activate(station(1), [pid]);
    expect(await call(runner, pid)).toMatchObject({ status: 'OK' });
    const stored = (await readStore(layout.root)).routes.find((route) => route.pid === pid);
    expect(stored).toMatchObject({ release: station(1), fault: null });
    expect(readdirSync(layout.aside).some((name) => name.includes(pid))).toBe(keptAside);
  });
});

test('a degraded PID can be unbound too', async () => {
  await runner.deactivate([UNBOUND]);
  expect(existsSync(layout.route(UNBOUND))).toBe(false);
  expect(await refusalOf(call(runner, UNBOUND))).toMatchObject({ code: '1001' });
});
