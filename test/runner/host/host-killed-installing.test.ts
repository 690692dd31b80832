import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { readStore } from '../../../src/runner/status/read-store.js';
import { eventually } from '../../support/eventually.js';
import { PYTHON } from '../../support/python.js';
import { census, processesOf } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';
import { runHost } from './support/child-host.js';

/** Stage and percent it is killed at, the state the release rests in then, and what the next Runner says about it. */
const MOMENTS: readonly [stage: string, percent: string, state: string, says: RegExp | null][] = [
  ['validating', '0', 'unheard of', null],
  ['extracting', '0', 'Validated', /\.staging.*left by a Runner that did not end properly.*removed/],
  ['environment', '0', 'Validated', /cut short.*removed/],
  ['installing', '0', 'Validated', /cut short.*removed/],
  ['registering', '0', 'Validated', /cut short.*removed/],
  ['registering', '100', 'Deployed', /completely deployed/],
];

describe.each(MOMENTS)(
  'a host killed with SIGKILL at %s, %s percent: the release is %s then',
  (stage, percent, state, says) => {
    const store = join(scratchFolder(), 'store');
    const layout = storeLayout(store);
    const zip = rogueZip({ name: 'fresh' });
    let runner: Runner;

    beforeAll(async () => {
      const ended = await runHost([store, PYTHON, 'install', zip, stage, percent]);
      expect(ended).toMatchObject({ signal: 'SIGKILL', complaints: '' });
      await eventually(() => expect(processesOf(layout)).toEqual([]));
      runner = await openRunner({ store, zipSettleMs: 0 });
    });

    test('leaves a complete deployment or none, and the next Runner says what it found', () => {
      const complete = state === 'Deployed' ? ['fresh/1.0.0'] : [];
      expect(census(runner, layout)).toMatchObject({ staging: [], deployed: complete, processes: [] });
      expect(runner.list().releases.map((release) => release.state)).toEqual(state === 'unheard of' ? [] : [state]);
      expect(runner.problems.map(({ message }) => message)).toEqual(says === null ? [] : [expect.stringMatching(says)]);
    });

    test('leaves a registry that agrees with that', async () => {
      const stored = (await readStore(store)).releases.map((release) => release.state);
      expect(stored).toEqual(runner.list().releases.map((release) => release.state));
    });

    test('can be done again, and the release serves', async () => {
      expect(await runner.install(zip)).toMatchObject({ release: 'fresh@1.0.0', state: 'Running' });
      await runner.activate('fresh@1.0.0', ['A01']);
      expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
      expect(readdirSync(layout.zips)).toHaveLength(1);
      await runner.close();
    });

    test('is nothing the Runner after it still speaks of', async () => {
      const next = await openRunner({ store });
      expect(next.problems).toEqual([]);
      await next.close();
    });
  },
);

test.each([
  ['validation', 'validating', 'new'],
  ['deployment', 'environment', 'known'],
])('a zip whose %s was cut short is deployed by the next scan', async (_what, stage, found) => {
  const store = join(scratchFolder(), 'store');
  await runHost([store, PYTHON, 'install', rogueZip({ name: 'fresh' }), stage, '0']);
  const runner = await openRunner({ store, zipSettleMs: 0 });
  expect(await runner.scan()).toMatchObject([{ release: 'fresh@1.0.0', found, state: 'Deployed' }]);
  await runner.close();
});
