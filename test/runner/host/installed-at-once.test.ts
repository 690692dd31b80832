import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Installed } from '../../../src/index.js';
import { scratchFolder } from '../support/folders.js';
import { rogueZip } from '../support/packages.js';
import { openRunner } from '../support/runners.js';
import { refusalOf } from '../../store/support/refusal.js';

async function site() {
  const layout = storeLayout(join(scratchFolder(), 'store'));
  const runner = await openRunner({ store: layout.root, zipSettleMs: 0 });
  const zips = (): readonly string[] => readdirSync(layout.zips);
  return { layout, runner, zips };
}

const other = (name: string): string => rogueZip({ name, files: { 'notes.txt': 'other content' } });
const copyOf = (zip: string): string => {
  const copy = join(scratchFolder(), 'copy of it.zip');
  copyFileSync(zip, copy);
  return copy;
};

test('one zip installed five times at once, also as a copy, is one installation, and all five get its result', async () => {
  const { runner, zips } = await site();
  const zip = rogueZip({ name: 'many' });
  const paths = [zip, zip, copyOf(zip), zip, copyOf(zip)];
  const all = await Promise.all(paths.map((path) => runner.install(path)));
  const [first] = all;
  expect(first).toMatchObject({ release: 'many@1.0.0', state: 'Running' });
  for (const one of all) expect(one).toEqual(first);
  expect(zips()).toHaveLength(1);
  expect(runner.list().releases).toMatchObject([{ release: 'many@1.0.0', state: 'Running', wanted: 'running' }]);
  await runner.close();
});

test('installations of one zip that want it to go differently far go as far as the furthest', async () => {
  const { runner } = await site();
  const zip = rogueZip({ name: 'far' });
  const targets = ['Deployed', 'Validated', 'Running'] as const;
  const all = await Promise.all(targets.map((target) => runner.install(zip, { target })));
  expect(all.map(({ state }: Installed) => state)).toEqual(['Running', 'Running', 'Running']);
  await runner.close();
});

test('a bad zip installed twice at once is refused to both for the same reason', async () => {
  const { runner } = await site();
  const zip = rogueZip({ name: 'bad', requirements: 'absent==1.0\n' });
  const [one, two] = await Promise.all([refusalOf(runner.install(zip)), refusalOf(runner.install(zip))]);
  expect([one.code, one.message]).toEqual([two.code, two.message]);
  expect(one.code).toBe('2004');
  expect(runner.list().releases).toMatchObject([{ release: 'bad@1.0.0', state: 'Invalid' }]);
  await runner.close();
});

test('an installation and scans at once are one installation', async () => {
  const { runner, zips } = await site();
  const zip = rogueZip({ name: 'seen' });
  const scans = [runner.scan(), runner.scan(), runner.scan()];
  const [installed] = await Promise.all([runner.install(zip), ...scans]);
  expect(installed).toMatchObject({ release: 'seen@1.0.0', state: 'Running' });
  expect(await runner.scan()).toMatchObject([{ found: 'known', state: 'Running' }]);
  expect(zips()).toHaveLength(1);
  await runner.close();
});

test('two different zips of one release at once: the second is refused by name, and its zip is not kept', async () => {
  const { runner, zips } = await site();
  const outcomes = await Promise.allSettled([
    runner.install(rogueZip({ name: 'twin' })),
    runner.install(other('twin')),
    runner.install(other('twin')),
  ]);
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  const kept = outcomes.length - refusals.length;
  expect([kept, refusals.length].sort()).toEqual([1, 2]);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ code: '3014', message: 'twin@1.0.0 is being installed with other content.' });
  expect(zips()).toHaveLength(1);
  expect(runner.list().releases).toMatchObject([{ release: 'twin@1.0.0', state: 'Running' }]);
  await runner.close();
});

test('an installation of what is being uninstalled is refused by name or done afterwards, and leaves nothing half', async () => {
  const { runner, layout } = await site();
  const zip = rogueZip({ name: 'gone' });
  await runner.install(zip, { target: 'Deployed' });
  const [removed, again] = await Promise.allSettled([runner.uninstall('gone@1.0.0'), runner.install(zip)]);
  expect(removed.status).toBe('fulfilled');
  const isThere = runner.list().releases.some(({ release }) => release === 'gone@1.0.0');
  if (again.status === 'rejected') expect(again.reason).toMatchObject({ code: '3013' });
  expect(isThere).toBe(again.status === 'fulfilled');
  expect(readdirSync(layout.zips)).toHaveLength(1);
  expect(await runner.install(zip)).toMatchObject({ state: 'Running' });
  await runner.close();
});
