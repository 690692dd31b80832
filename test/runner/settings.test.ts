import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { resolveOverrides, resolvePolicy } from '../../src/runner/options/options.js';
import { withSettings } from '../../src/runner/options/settings/layers.js';
import { checkSettings, readSettings } from '../../src/runner/options/settings/read-settings.js';
import { settingRows } from '../../src/runner/options/settings/rows.js';
import { CATALOGUE, createRunner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { PYTHON } from '../support/python.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';

function storeWith(settings: unknown): string {
  const store = join(scratchFolder(), 'store');
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'settings.json'), typeof settings === 'string' ? settings : JSON.stringify(settings));
  return store;
}

const problemsOf = async (settings: unknown): Promise<readonly string[]> => {
  const refused = await refusalOf(readSettings(storeWith(settings)));
  expect(refused).toMatchObject({ code: '3034', faultName: 'settings_invalid' });
  return refused.details['problems'] as readonly string[];
};

describe('who wins', () => {
  const file = {
    timings: { helloMs: 1_000, executeMs: 2_000 },
    retries: 5,
    releases: {
      a: { timings: { executeMs: 3_000 }, retries: 4 },
      'a@2.0.0': { timings: { executeMs: 4_000, preMs: 50 } },
    },
  };
  const policies = (host: object) => {
    const merged = withSettings({ store: 's', ...host }, file);
    return { runner: resolvePolicy(merged), releases: resolveOverrides(merged) };
  };

  it('the file, where a host says nothing: release over name over Runner over default', () => {
    const { runner, releases } = policies({});
    expect(runner.timings).toMatchObject({ helloMs: 1_000, executeMs: 2_000, preMs: 10_000 });
    expect(releases['a']).toMatchObject({ retries: 4, timings: { helloMs: 1_000, executeMs: 3_000 } });
    expect(releases['a@2.0.0']).toMatchObject({ retries: 4, timings: { executeMs: 4_000, preMs: 50, helloMs: 1_000 } });
  });

  it('a host, whatever place of the file says otherwise', () => {
    const { runner, releases } = policies({ timings: { executeMs: 9_000 } });
    expect(runner.timings).toMatchObject({ helloMs: 1_000, executeMs: 9_000 });
    expect(releases['a@2.0.0']).toMatchObject({ retries: 4, timings: { executeMs: 9_000, preMs: 50 } });
  });

  it('what a host says of a release, over what it says of its Runner', () => {
    const { releases } = policies({ retries: 1, releases: { 'a@2.0.0': { retries: 0 }, b: { instances: 2 } } });
    expect(releases['a@2.0.0']).toMatchObject({ retries: 0, timings: { executeMs: 4_000 } });
    expect(releases['a']).toMatchObject({ retries: 1 });
    expect(releases['b']).toMatchObject({ retries: 1, instances: 2, timings: { helloMs: 1_000 } });
  });

  it('lists are replaced, and a trace that is off is off', () => {
    const merged = withSettings(
      { store: 's', interpreters: ['/a'], trace: false },
      { interpreters: ['/b', '/c'], trace: { bytesMax: 5 } },
    );
    expect(merged).toMatchObject({ interpreters: ['/a'], trace: false });
    expect(withSettings({ store: 's', trace: { ageMaxDays: 2 } }, { trace: { bytesMax: 5 } }).trace).toEqual({
      bytesMax: 5,
      ageMaxDays: 2,
    });
  });
});

describe('a wrong file is refused, each thing in it named', () => {
  test.each([
    [{ timings: { helloMS: 5 } }, 'timings.helloMS: there is no such setting. Did you mean "helloMs"?'],
    [{ timing: {} }, 'timing: there is no such setting. Did you mean "timings"?'],
    [{ releases: { a: { retrys: 1 } } }, 'releases.a.retrys: there is no such setting. Did you mean "retries"?'],
    [{ store: '/x' }, 'store: there is no such setting.'],
    [{ releases: { '../a': {} } }, 'releases.../a: neither the name of an algorithm nor name@version'],
    ['[]', 'settings: Invalid input: expected object, received array'],
    ['\u0000', /^it is not JSON: /],
    ['{"retries": 1', /^it is not JSON: .*position/],
  ])('%j', async (settings, problem) => {
    expect(await problemsOf(settings)).toEqual([
      typeof problem === 'string' ? problem : (expect.stringMatching(problem) as string),
    ]);
  });

  it('all of them at once, and a Runner does not open', async () => {
    const store = storeWith({ retries: -1, instances: '2' });
    const refused = await refusalOf(createRunner({ store }));
    expect(refused).toMatchObject({ code: '3034', hint: CATALOGUE.settings_invalid.todo });
    expect(refused.details['problems']).toHaveLength(2);
  });

  it('a byte order mark and $schema are taken', async () => {
    const store = storeWith('\ufeff{"$schema":"https://example.com/s.json","retries":0}');
    expect((await readSettings(store)).settings).toEqual({ retries: 0 });
  });

  it('none at all sets nothing', async () => {
    expect(await readSettings(join(scratchFolder(), 'none'))).toMatchObject({ exists: false, settings: {} });
  });
});

describe('what is in effect, and where it comes from', () => {
  const settings = checkSettings(
    { timings: { helloMs: 1 }, releases: { a: { timings: { helloMs: 2 } }, 'a@1': { retries: 0 } } },
    'settings.json',
  );
  const row = (setting: string, release?: string) => settingRows(settings, release).find((r) => r.setting === setting);

  it('is said for the Runner and for each release', () => {
    expect(row('timings.helloMs')).toEqual({
      ...{ setting: 'timings.helloMs', value: 1, default: 30_000, origin: 'timings.helloMs' },
    });
    expect(row('timings.helloMs', 'b@1')).toMatchObject({ value: 1, origin: 'timings.helloMs' });
    expect(row('timings.helloMs', 'a@1')).toMatchObject({ value: 2, origin: 'releases.a.timings.helloMs' });
    expect(row('retries', 'a@1')).toMatchObject({ value: 0, default: 2, origin: 'releases.a@1.retries' });
    expect(row('retries', 'a')).toMatchObject({ value: 2, origin: 'default' });
    expect(row('keep', 'a@1')).toBeUndefined();
  });
});

it('the deadline of a start comes from the file, and its fault names the setting', async () => {
  const store = storeWith({ releases: { silent: { timings: { helloMs: 300 } } } });
  const runner = await createRunner({ store, scanIntervalMs: 0, interpreters: [PYTHON] });
  const refused = await refusalOf(runner.install(rogueZip({ name: 'silent' }, 'never_says_hello')));
  await runner.close();
  expect(refused.message).toContain('did not say hello within 300 ms');
  expect(refused).toMatchObject({ code: '3003', hint: expect.stringContaining('timings.helloMs') as string });
});
