import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRunner, storeLayout } from '../../../src/index.js';
import { readStore } from '../../../src/runner/status/read-store.js';
import type { Fault, Runner } from '../../../src/index.js';
import { census } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';
import { refusalOf } from '../../store/support/refusal.js';
import { runHost } from './support/child-host.js';
import { PYTHON } from '../../support/python.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;
let before: unknown;

beforeAll(async () => {
  runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
});

beforeEach(async () => {
  await runner.detect({ pid: 'A01', image: IMAGE });
  before = everything();
});

const everything = () => ({ ...census(runner, layout), claims: readdirSync(layout.lock), images: runner.images });

async function theFirstGoesOn(): Promise<void> {
  await expect.poll(everything).toEqual(before);
  expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
}

describe('a second Runner on a store that has one is refused as 3017, says who has it, and disturbs nothing', () => {
  test('in the same process', async () => {
    const refusal = await refusalOf(createRunner({ store, scanIntervalMs: 0 }));
    expect(refusal).toMatchObject({ code: '3017', faultName: 'store_locked' });
    expect(refusal.message).toContain(`process ${process.pid} `);
    expect(refusal.hint).toContain('another store');
    await theFirstGoesOn();
  });

  test('in another process', async () => {
    const { said, complaints } = await runHost([store, PYTHON, 'open']);
    expect(complaints).toBe('');
    const fault = JSON.parse(said) as Fault;
    expect(fault).toMatchObject({ code: '3017', name: 'store_locked' });
    expect(fault.message).toContain(`process ${process.pid} `);
    await theFirstGoesOn();
  });

  test('under another name of the same folder', async () => {
    const link = join(scratchFolder(), 'link');
    symlinkSync(store, link);
    expect(await refusalOf(createRunner({ store: link, scanIntervalMs: 0 }))).toMatchObject({ code: '3017' });
    await theFirstGoesOn();
  });

  test('all of several at once', async () => {
    const tries = await Promise.allSettled([1, 2, 3].map(() => createRunner({ store, scanIntervalMs: 0 })));
    for (const one of tries) expect(one).toMatchObject({ status: 'rejected', reason: { code: '3017' } });
    await theFirstGoesOn();
  });
});

test('who only reads the store is let in meanwhile', async () => {
  const { releases, routes } = await readStore(store);
  expect(releases).toMatchObject([{ release: 'good@1.0.0', wanted: 'running', routedPids: ['A01'] }]);
  expect(routes).toMatchObject([{ pid: 'A01', release: 'good@1.0.0', fault: null }]);
  await theFirstGoesOn();
});

test('of two that open a free store at once exactly one gets it', async () => {
  const free = join(scratchFolder(), 'free');
  const tries = await Promise.allSettled([1, 2].map(() => createRunner({ store: free, scanIntervalMs: 0 })));
  const opened = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await Promise.all(opened.map((one) => one.close()));
  expect(opened).toHaveLength(1);
  expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '3017' } });
});

test('a store is free as soon as its Runner has closed', async () => {
  await runner.close();
  expect(await runHost([store, PYTHON, 'open'])).toMatchObject({ said: 'opened\n', code: 0, complaints: '' });
});
