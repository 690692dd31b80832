import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRunner, readStore, storeLayout } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { census, processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { startHost } from './support/host.js';
import { fileOf, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const freshStore = (): string => join(scratchFolder(), 'store');
const good = (version = '1.0.0', files: Record<string, string> = {}): string =>
  rogueZip({ name: 'good', version, files });

describe('one Runner per store', () => {
  test('a second one is refused as 3017, and disturbs the first in nothing', async () => {
    const store = freshStore();
    const runner = await openRunner({ store });
    await runner.install(good());
    await runner.activate('good@1.0.0', ['A01']);
    const before = census(runner, storeLayout(store));
    expect(await refusalOf(createRunner({ store, scanIntervalMs: 0 }))).toMatchObject({
      code: '3017',
      faultName: 'store_locked',
    });
    expect(await refusalOf(createRunner({ store: `${store}/../store/`, scanIntervalMs: 0 }))).toMatchObject({
      code: '3017',
    });
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
    expect({ ...census(runner, storeLayout(store)), files: [] }).toEqual({ ...before, files: [] });
    await runner.close();
    const next = await openRunner({ store });
    await next.close();
  });

  test('a store that cannot be made is refused, and nothing stays open', async () => {
    const file = fileOf('in the way', 'file');
    const open = readdirSync('/proc/self/fd').length;
    expect(await refusalOf(createRunner({ store: join(file, 'store') }))).toMatchObject({ code: '3019' });
    expect(readdirSync('/proc/self/fd')).toHaveLength(open);
  });
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

  test('without resume: everything rests until it is asked for', async () => {
    const store = freshStore();
    const first = await openRunner({ store });
    await first.install(good());
    await first.close();
    const second = await openRunner({ store, resume: false });
    expect(second.list().releases).toMatchObject([{ state: 'Stopped', wanted: 'running' }]);
    expect(processesOf(storeLayout(store))).toEqual([]);
    await second.start('good@1.0.0');
  });

  test('after kill −9: no process, no segment, no staging is left; it serves again, and says what it did', async () => {
    const store = freshStore();
    const layout = storeLayout(store);
    const host = await startHost(store, good());
    expect(processesOf(layout)).not.toEqual([]);
    const { imageFolder } = host;
    expect(readdirSync(imageFolder)).not.toEqual([]);
    mkdirSync(join(layout.staging, 'half'));
    await host.kill();
    await expect.poll(() => processesOf(layout), { timeout: 2000, interval: 20 }).toEqual([]);

    const runner = await openRunner({ store });
    expect(runner.images.folder).toBe(imageFolder);
    expect(runner.images.reclaimed).toMatchObject({ segments: expect.any(Number) as number });
    expect(runner.images.leased).toBe(0);
    expect(readdirSync(layout.staging)).toEqual([]);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
    expect(readFileSync(layout.audit, 'utf8')).toContain('"recovery"');
    await runner.close();
    expect(existsSync(imageFolder)).toBe(false);
  });

  test.each(['extracting', 'environment', 'installing', 'registering'])(
    'after kill −9 while %s: the release is deployed or not at all, and can be installed',
    async (stage) => {
      const store = freshStore();
      const layout = storeLayout(store);
      const zip = good();
      const host = await startHost(store, zip, stage);
      await host.kill();
      await expect.poll(() => processesOf(layout), { timeout: 2000, interval: 20 }).toEqual([]);

      const runner = await openRunner({ store, zipSettleMs: 0 });
      const [view] = runner.list().releases;
      const folder = layout.deployment('good', '1.0.0');
      expect(existsSync(folder)).toBe(view?.state === 'Deployed');
      expect(readdirSync(layout.staging)).toEqual([]);
      expect(await runner.install(zip)).toMatchObject({ state: 'Running' });
      await runner.close();
    },
  );

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

  test('with a route file that is broken: that PID alone is degraded', async () => {
    const store = freshStore();
    const layout = storeLayout(store);
    const first = await openRunner({ store });
    await first.install(rogueZip({ name: 'good', manifest: { supported_pids: ['A01', 'A02'] } }));
    await first.activate('good@1.0.0', ['A01', 'A02']);
    await first.close();
    writeFileSync(layout.route('A02'), '{"name":');

    const second = await openRunner({ store });
    expect(await second.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
    expect(await refusalOf(second.detect({ pid: 'A02', image: IMAGE }))).toMatchObject({ code: '3018' });
    expect(second.list().routes.find(({ pid }) => pid === 'A02')).toMatchObject({
      release: null,
      fault: { code: '3018' },
    });
    await second.activate('good@1.0.0', ['A02']);
    expect(await second.detect({ pid: 'A02', image: IMAGE })).toMatchObject({ verdict: 'OK' });
  });
});

describe('the archive of zips', () => {
  /** A zip as a person copies it into the store. */
  const dropIn = (store: string, zip: string, name: string): void => {
    const target = storeLayout(store).zip(name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(zip, target);
  };

  test('a zip that is dropped in is found by a scan and deployed, not started', async () => {
    const store = freshStore();
    dropIn(store, good(), 'dropped.zip');
    const runner = await openRunner({ store, zipSettleMs: 0 });
    expect(await runner.scan()).toMatchObject([
      { zip: 'dropped.zip', release: 'good@1.0.0', found: 'new', state: 'Deployed' },
    ]);
    expect(await runner.scan()).toMatchObject([{ found: 'known', state: 'Deployed' }]);
    expect(processesOf(storeLayout(store))).toEqual([]);
  });

  test('without auto_deploy it waits Validated', async () => {
    const store = freshStore();
    dropIn(store, good(), 'dropped.zip');
    const runner = await openRunner({ store, zipSettleMs: 0, autoDeploy: false });
    expect(await runner.scan()).toMatchObject([{ found: 'new', state: 'Validated' }]);
    expect(await runner.install(good())).toMatchObject({ state: 'Running' });
  });

  test('a bad one is Invalid with its reason, and hinders no other', async () => {
    const store = freshStore();
    dropIn(store, fileOf('no zip'), 'bad.zip');
    dropIn(store, good(), 'good.zip');
    const runner = await openRunner({ store, zipSettleMs: 0 });
    expect(await runner.scan()).toMatchObject([
      { zip: 'bad.zip', found: 'new', state: 'Invalid', fault: { code: '2001' } },
      { zip: 'good.zip', found: 'new', state: 'Deployed' },
    ]);
  });

  test('one that is still being copied is not judged early', async () => {
    const store = freshStore();
    const whole = readFileSync(good());
    dropIn(store, fileOf(whole.subarray(0, whole.length / 2)), 'slow.zip');
    const runner = await openRunner({ store, zipSettleMs: 200 });
    expect(await runner.scan()).toMatchObject([{ zip: 'slow.zip', found: 'settling', release: null, state: null }]);
    expect(runner.list().releases).toEqual([]);
    writeFileSync(storeLayout(store).zip('slow.zip'), whole);
    expect(await runner.scan()).toMatchObject([{ found: 'settling' }]);
    await expect
      .poll(async () => (await runner.scan())[0], { timeout: 3000, interval: 50 })
      .toMatchObject({ release: 'good@1.0.0', state: 'Deployed' });
  });

  test('an uninstalled one is remembered and not deployed again unasked', async () => {
    const store = freshStore();
    const runner = await openRunner({ store, zipSettleMs: 0 });
    const zip = good();
    await runner.install(zip);
    await runner.stop('good@1.0.0');
    await runner.uninstall('good@1.0.0');
    expect(await runner.scan()).toMatchObject([{ found: 'forgotten', release: null }]);
    await runner.close();
    const next = await openRunner({ store, zipSettleMs: 0 });
    expect(await next.scan()).toMatchObject([{ found: 'forgotten' }]);
    expect(await next.install(zip)).toMatchObject({ state: 'Running' });
  });

  test('the same name and version with other content is refused as 3014, and changes nothing', async () => {
    const store = freshStore();
    const layout = storeLayout(store);
    const runner = await openRunner({ store, zipSettleMs: 0 });
    const zip = good();
    await runner.install(zip);
    const facts = async () => ({
      disk: await readStore(store),
      zips: readdirSync(layout.zips),
      ...census(runner, layout),
    });
    const before = await facts();
    const refusal = await refusalOf(runner.install(good('1.0.0', { 'more.txt': 'other' })));
    expect(refusal).toMatchObject({ code: '3014', faultName: 'already_installed', details: { release: 'good@1.0.0' } });
    expect(await facts()).toEqual(before);
    expect(await runner.install(zip)).toMatchObject({ state: 'Running' });
  });

  test('dropped in, such a one is told as a conflict by the scan', async () => {
    const store = freshStore();
    const runner = await openRunner({ store, zipSettleMs: 0 });
    await runner.install(good());
    dropIn(store, good('1.0.0', { 'more.txt': 'other' }), 'other.zip');
    expect(await runner.scan()).toContainEqual(
      expect.objectContaining({
        zip: 'other.zip',
        found: 'conflict',
        fault: expect.objectContaining({ code: '3014' }) as object,
      }),
    );
    expect(statSync(storeLayout(store).zip('other.zip')).isFile()).toBe(true);
  });

  test('is looked through again and again', async () => {
    const store = freshStore();
    const runner = await openRunner({ store, zipSettleMs: 0, scanIntervalMs: 50 });
    dropIn(store, good(), 'later.zip');
    await expect.poll(() => runner.list().releases, { timeout: 5000 }).toMatchObject([{ state: 'Deployed' }]);
    await runner.close();
  });
});
