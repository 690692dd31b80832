import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRunner, storeLayout } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { fileOf, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const freshStore = (): string => join(scratchFolder(), 'store');
const good = (version = '1.0.0', files: Record<string, string> = {}): string =>
  rogueZip({ name: 'good', version, files });

test('a store that cannot be made is refused, and nothing stays open', async () => {
  const file = fileOf('in the way', 'file');
  const open = readdirSync('/proc/self/fd').length;
  expect(await refusalOf(createRunner({ store: join(file, 'store') }))).toMatchObject({ code: '3019' });
  expect(readdirSync('/proc/self/fd')).toHaveLength(open);
});

describe('a store is opened again', () => {
  test('after a clean end: what was running runs, what was routed is routed, what was stopped is stopped', async () => {
    const store = freshStore();
    const first = await openRunner({ store });
    await first.install(good());
    await first.install(good('2.0.0'), { target: 'Deployed' });
    await first.install(rogueZip({ name: 'idle' }));
    await first.activate('good@1.0.0', ['A01']);
    await first.stop('idle@1.0.0');
    await first.close();
    expect(processesOf(storeLayout(store))).toEqual([]);

    const second = await openRunner({ store });
    expect(await second.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK', release: 'good@1.0.0' });
    const states = Object.fromEntries(second.list().releases.map(({ release, state }) => [release, state]));
    expect(states).toEqual({ 'good@1.0.0': 'Running', 'good@2.0.0': 'Deployed', 'idle@1.0.0': 'Stopped' });
    expect(second.problems).toEqual([]);
  });

  test('with a manifest that is not the installed one: its PID is refused with that as the reason, until it is installed anew', async () => {
    const store = freshStore();
    const first = await openRunner({ store });
    await first.install(good());
    await first.activate('good@1.0.0', ['A01']);
    await first.close();
    const manifest = join(storeLayout(store).deployment('good', '1.0.0'), 'manifest.json');
    writeFileSync(manifest, '{}');
    const second = await openRunner({ store });
    const altered = { code: '3018', message: 'The manifest.json of good@1.0.0 is not the one it was deployed with.' };
    expect(await refusalOf(second.detect({ pid: 'A01', image: IMAGE }))).toMatchObject(altered);
    expect(() => second.form('good@1.0.0', 1)).toThrow(expect.objectContaining(altered));
    await second.close();

    const third = await openRunner({ store });
    expect((await refusalOf(third.detect({ pid: 'A01', image: IMAGE }))).message).toContain(altered.message);
    await third.deactivate(['A01']);
    await third.uninstall('good@1.0.0');
    await third.install(good());
    await third.activate('good@1.0.0', ['A01']);
    expect(await third.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });

  test('with a release whose folder is gone: that one is Invalid with the reason, its PID faulted by name, all others serve', async () => {
    const store = freshStore();
    const layout = storeLayout(store);
    const first = await openRunner({ store });
    await first.install(good());
    await first.install(rogueZip({ name: 'lost', manifest: { supported_pids: ['L01'] } }));
    await first.activate('good@1.0.0', ['A01']);
    await first.activate('lost@1.0.0', ['L01']);
    await first.close();
    rmSync(layout.deployment('lost', '1.0.0'), { recursive: true });

    const second = await openRunner({ store });
    expect(await second.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
    expect(second.list().releases.find(({ name }) => name === 'lost')).toMatchObject({
      state: 'Invalid',
      reason: { code: '3018' },
    });
    expect(await refusalOf(second.detect({ pid: 'L01', image: IMAGE }))).toMatchObject({ code: '3018' });
    expect(second.problems.join('\n')).toContain('lost');
  });
});

describe('the archive of zips', () => {
  /** A zip as a person copies it into the store. */
  const dropIn = (store: string, zip: string, name: string): void => {
    const target = storeLayout(store).zip(name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(zip, target);
  };

  test('what a scan left Validated, an explicit install takes on to Running', async () => {
    const store = freshStore();
    dropIn(store, good(), 'dropped.zip');
    const runner = await openRunner({ store, zipSettleMs: 0, autoDeploy: false });
    expect(await runner.scan()).toMatchObject([{ found: 'new', state: 'Validated' }]);
    expect(await runner.install(good())).toMatchObject({ state: 'Running' });
  });

  test('is looked through again and again', async () => {
    const store = freshStore();
    const runner = await openRunner({ store, zipSettleMs: 0, scanIntervalMs: 50 });
    dropIn(store, good(), 'later.zip');
    await expect.poll(() => runner.list().releases).toMatchObject([{ state: 'Deployed' }]);
    await runner.close();
  });
});

test('a store that is removed under a living Runner: calls go on, changes are refused by name, and it closes', async () => {
  const store = freshStore();
  const runner = await openRunner({ store });
  await runner.install(good());
  await runner.activate('good@1.0.0', ['A01']);
  renameSync(store, `${store}.away`);
  expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  for (const change of [() => runner.install(good('2.0.0')), () => runner.deactivate(['A01'])])
    expect(await refusalOf(change())).toMatchObject({
      code: '3019',
      message: expect.stringContaining('ENOENT') as string,
    });
  expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  await runner.close();
  expect(existsSync(store)).toBe(false);
});
