import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { scratchFolder } from '../support/folders.js';
import { stationZip } from '../support/packages.js';
import { openRunner } from '../support/runners.js';
import { call } from '../support/station.js';

interface Manifest {
  supported_pids: string[];
  entry_point: string;
  steps: { params: object[] }[];
}

const layout = storeLayout(join(scratchFolder(), 'store'));
const pathOf = (name: string): string => join(layout.deployment(name, '1.0.0'), 'manifest.json');

const changed = (change: (manifest: Manifest) => void) => (path: string) => {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
};
const withParam = (param: object) => changed(({ steps }) => void steps[0]?.params.push(param));

/** What was done to the manifest of a deployed release while nobody ran it. */
const CHANGES: readonly [name: string, what: string, change: (path: string) => void][] = [
  ['evil', 'given an asynchronous schema', withParam({ key: 'j', type: 'json', schema: { $async: true }, default: 5 })],
  ['slow', 'given a pattern that explodes', withParam({ key: 's', type: 'string', pattern: '^(?=a)(a|a)*\\1$' })],
  ['wider', 'given a further PID', changed(({ supported_pids: pids }) => void pids.push('STOLEN'))],
  ['other', 'given another entry point', changed((manifest) => (manifest.entry_point = 'wire.py'))],
  ['pipe', 'replaced by a pipe', (path) => (rmSync(path), void execFileSync('mkfifo', [path]))],
  ['link', 'replaced by a link', (path) => (rmSync(path), symlinkSync('/etc/hostname', path))],
  ['gone', 'removed', (path) => rmSync(path)],
  ['text', 'replaced by a text', (path) => writeFileSync(path, 'name: text\n')],
];
const kept = new Map<string, Buffer>();
let runner: Runner;

beforeAll(async () => {
  const first = await openRunner({ store: layout.root });
  for (const [name] of [['sound'], ...CHANGES] as [string][]) {
    await first.install(stationZip({ name, manifest: { supported_pids: [name] } }), { target: 'Deployed' });
    if (name === 'sound' || name === 'evil' || name === 'pipe') await first.activate(`${name}@1.0.0`, [name]);
  }
  await first.close();
  for (const [name, , change] of CHANGES) {
    kept.set(name, readFileSync(pathOf(name)));
    change(pathOf(name));
  }
  runner = await openRunner({ store: layout.root });
});

test('the other releases are served', async () => {
  expect(await call(runner, 'sound')).toMatchObject({ status: 'OK' });
});

describe.each(CHANGES)('a release (%s) whose manifest was %s', (name) => {
  test('is faulted by name, and does not start', async () => {
    const view = runner.list().releases.find((each) => each.name === name);
    expect(view).toMatchObject({ state: 'Invalid' });
    expect(['2002', '3018', '3019']).toContain(view?.reason?.code);
    await expect(runner.activate(`${name}@1.0.0`, [name])).rejects.toThrow();
  });
});

test('a PID whose release was changed is answered at once with the fault', async () => {
  for (const pid of ['evil', 'pipe']) await expect(call(runner, pid)).rejects.toMatchObject({ name: 'RunnerError' });
});

test('a PID that was added by hand is not bound', async () => {
  await expect(runner.activate('wider@1.0.0', ['STOLEN'])).rejects.toThrow();
});

test('a release whose manifest is put back serves again after the next start', async () => {
  await runner.close();
  for (const name of ['evil', 'pipe', 'gone']) {
    rmSync(pathOf(name), { force: true });
    writeFileSync(pathOf(name), kept.get(name) ?? '');
  }
  runner = await openRunner({ store: layout.root });
  for (const pid of ['evil', 'pipe']) expect(await call(runner, pid)).toMatchObject({ status: 'OK' });
  expect(runner.list().releases.find(({ name }) => name === 'gone')).toMatchObject({ state: 'Stopped', reason: null });
});
