import { appendFileSync, chmodSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { inspectStore } from '../../src/runner/doctor/store-checks.js';
import { readStore } from '../../src/runner/status/read-store.js';
import type { Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const GOOD = 'good@1.0.0';
const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const folder = layout.deployment('good', '1.0.0');
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate(GOOD, ['A01']);
});

const restart = async (): Promise<void> => {
  await runner.stop(GOOD, { force: true });
  await runner.start(GOOD);
};
const altered = (): readonly string[] =>
  runner.problems.filter(({ faultName }) => faultName === 'release_altered').map(({ message }) => message);

describe('a release that runs', () => {
  test('shows how its process is isolated, to its Runner and to whoever looks from beside it', async () => {
    const view = runner.list().releases.find(({ release }) => release === GOOD);
    expect(view?.isolation).toBe(runner.isolation);
    const seen = (await readStore(store)).releases.find(({ release }) => release === GOOD);
    expect(seen?.isolation).toBe(runner.isolation);
    expect((await inspectStore(store)).isolations).toEqual([{ release: GOOD, isolation: runner.isolation }]);
  });
});

describe('a release whose files changed since its installation', () => {
  test('is not named while nothing changed but times, and files that hold no code were written', async () => {
    writeFileSync(join(folder, 'results.csv'), 'OK\n');
    utimesSync(join(folder, 'rogue.py'), new Date(), new Date());
    await restart();
    expect(altered()).toEqual([]);
  });

  test('is found at its next start and named, with what changed, by Runner, log and doctor; it serves', async () => {
    const planted = join(folder, 'venv', 'bin', 'setpriv');
    writeFileSync(planted, '#!/bin/sh\nexit 9\n');
    chmodSync(planted, 0o755);
    appendFileSync(join(folder, 'rogue.py'), '\n# changed by another release\n');
    await restart();
    expect(altered()).toEqual([`Files of ${GOOD} are not as they were installed: +venv/bin/setpriv, ~rogue.py.`]);
    expect(readFileSync(join(layout.releaseLogs('good', '1.0.0'), 'algorithm.jsonl'), 'utf8')).toContain('setpriv');
    expect((await inspectStore(store)).problems).toContainEqual(expect.stringContaining('not as they were installed'));
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK' });
    const view = runner.list().releases.find(({ release }) => release === GOOD);
    expect(view?.isolation).toBe(runner.isolation);
  });

  test('is not started when its interpreter is another', async () => {
    const python = join(folder, 'venv', 'bin', 'python');
    rmSync(python);
    symlinkSync('/bin/true', python);
    await runner.stop(GOOD, { force: true });
    const refusal = await refusalOf(runner.start(GOOD));
    expect(refusal.message).toContain('~venv/bin/python');
  });
});
