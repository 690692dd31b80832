import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Runner, RunnerOptions, StoreLayout } from '../../../src/index.js';
import { census } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';
import { refusalOf } from '../../store/support/refusal.js';

let layout: StoreLayout;
beforeEach(() => {
  layout = storeLayout(join(scratchFolder(), 'store'));
});

/** Every zip counts as whole at once, unless a test says otherwise. */
const open = (options: Partial<RunnerOptions> = {}): Promise<Runner> =>
  openRunner({ store: layout.root, zipSettleMs: 0, ...options });
const put = (zip: string, as: string): void => copyFileSync(zip, join(layout.zips, as));
const stateOf = (runner: Runner, release: string) =>
  runner.list().releases.find((one) => one.release === release)?.state;

/** The same release with one more file. */
const other = (name: string): string => rogueZip({ name, files: { 'notes.txt': 'other content' } });

describe('a zip put into the archive by hand', () => {
  test('is taken as far as Deployed by a scan, and known to the next one', async () => {
    const runner = await open();
    put(rogueZip({ name: 'found' }), 'any name.zip');
    const seen = { zip: 'any name.zip', release: 'found@1.0.0', state: 'Deployed', fault: null };
    expect(await runner.scan()).toEqual([{ ...seen, found: 'new' }]);
    expect(await runner.scan()).toEqual([{ ...seen, found: 'known' }]);
    expect(runner.list().releases).toMatchObject([{ release: 'found@1.0.0', state: 'Deployed', wanted: 'stopped' }]);
    await runner.close();
  });

  test('is only validated where deploying is left to a person', async () => {
    const runner = await open({ autoDeploy: false });
    put(rogueZip({ name: 'found' }), 'found.zip');
    expect(await runner.scan()).toMatchObject([{ found: 'new', state: 'Validated', fault: null }]);
    expect(census(runner, layout).deployed).toEqual([]);
    await runner.close();
  });

  test('is not judged while it may still be copied, and is once it rests', async () => {
    const whole = readFileSync(rogueZip({ name: 'slow' }));
    const hasty = await open({ zipSettleMs: 60_000 });
    writeFileSync(join(layout.zips, 'slow.zip'), whole.subarray(0, whole.length / 2));
    const settling = [{ zip: 'slow.zip', release: null, found: 'settling', state: null, fault: null }];
    expect(await hasty.scan()).toEqual(settling);
    writeFileSync(join(layout.zips, 'slow.zip'), whole);
    expect(await hasty.scan()).toEqual(settling);
    expect(hasty.list().releases).toEqual([]);
    await hasty.close();

    const patient = await open();
    expect(await patient.scan()).toMatchObject([{ found: 'new', release: 'slow@1.0.0', state: 'Deployed' }]);
    await patient.close();
  });

  test('that is bad rests Invalid with its reason and hinders no other', async () => {
    const runner = await open();
    writeFileSync(join(layout.zips, 'a-bad.zip'), 'no zip');
    writeFileSync(join(layout.zips, 'notes.txt'), 'no package');
    mkdirSync(join(layout.zips, 'folder.zip'));
    symlinkSync('/etc/passwd', join(layout.zips, 'link.zip'));
    put(rogueZip({ name: 'sound' }), 'sound.zip');
    const found = await runner.scan();
    expect(found.map(({ zip, state, fault }) => [zip, state, fault?.code])).toEqual([
      ['a-bad.zip', 'Invalid', '2001'],
      ['sound.zip', 'Deployed', undefined],
    ]);
    await runner.start('sound@1.0.0');
    expect(census(runner, layout)).toMatchObject({ staging: [], deployed: ['sound/1.0.0'] });
    await runner.close();
  });
});

describe('an uninstalled zip that still lies in the archive', () => {
  test('is not deployed again unasked, also not by the next Runner; it is when a person asks', async () => {
    const zip = rogueZip({ name: 'gone' });
    let runner = await open();
    await runner.install(zip, { target: 'Deployed' });
    await runner.uninstall('gone@1.0.0');
    expect(readdirSync(layout.zips)).toHaveLength(1);
    for (let start = 0; start < 2; start++) {
      expect(await runner.scan()).toMatchObject([{ found: 'forgotten', release: null, state: null }]);
      expect(runner.list().releases).toEqual([]);
      expect(census(runner, layout).deployed).toEqual([]);
      await runner.close();
      runner = await open();
    }
    expect(await runner.install(zip, { target: 'Deployed' })).toMatchObject({ state: 'Deployed' });
    expect(await runner.scan()).toMatchObject([{ found: 'known', release: 'gone@1.0.0' }]);
    await runner.close();
  });
});

describe('the same name@version with other content', () => {
  test('is refused as 3014 by install and as a conflict by scan, and the release there goes on serving', async () => {
    const runner = await open();
    await runner.install(rogueZip({ name: 'twin' }));
    await runner.activate('twin@1.0.0', ['A01']);
    await runner.detect({ pid: 'A01', image: IMAGE });
    const [first] = runner.list().releases;
    const before = census(runner, layout);

    const refusal = await refusalOf(runner.install(other('twin')));
    expect(refusal).toMatchObject({ code: '3014', details: { installed_sha256: first?.sha256 } });
    expect(refusal.message).toContain('twin@1.0.0');
    put(other('twin'), 'twin-again.zip');
    const conflicts = (await runner.scan()).filter(({ found }) => found !== 'known');
    expect(conflicts.length).toBeGreaterThan(0);
    for (const one of conflicts)
      expect(one).toMatchObject({ found: 'conflict', release: 'twin@1.0.0', fault: { code: '3014' } });

    expect(runner.list().releases).toEqual([{ ...first, state: 'Running' }]);
    expect(existsSync(join(layout.deployment('twin', '1.0.0'), 'notes.txt'))).toBe(false);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(census(runner, layout)).toEqual(before);
    await runner.close();
  });

  test('the same content again is no conflict: it is the release that is there', async () => {
    const runner = await open();
    await runner.install(rogueZip({ name: 'twin' }), { target: 'Deployed' });
    expect(await runner.install(rogueZip({ name: 'twin' }))).toMatchObject({ release: 'twin@1.0.0', state: 'Running' });
    expect(readdirSync(layout.zips)).toHaveLength(1);
    expect(stateOf(runner, 'twin@1.0.0')).toBe('Running');
    await runner.close();
  });
});
