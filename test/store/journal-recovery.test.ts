import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commitRoutes,
  readLastRecovery,
  readRoutes,
  recoverStore,
  verifyAudit,
  writeRoute,
} from '../../src/store/index.js';
import type { OpenStore, Operation, Route, StoreLayout } from '../../src/store/index.js';
import { diskFull, faultyFileSystem } from './support/faulty-file-system.js';
import { deploy, openStore, trailOf } from './support/open-stores.js';
import { refusalOf } from './support/refusal.js';
import { NOON, SHA, entryOf, freshStore, routeOf } from './support/stores.js';

const asked = { who: 'ada', what: 'switch', subject: 'A01, A02' };
const both = (name: string): Map<string, Route | null> => new Map(['A01', 'A02'].map((pid) => [pid, routeOf(name)]));
const isDeployed = { state: 'Deployed' } as const;

describe('an operation whose Runner died', () => {
  it('after it was decided is finished, told once, and named by whoever asks later', async () => {
    const layout = await freshStore();
    await install(await openStore(layout), 'new', NOON);
    await leaveDecided(layout, both('new'));
    await writeRoute(layout, 'A01', routeOf('new')); // it got that far

    const store = await recoverStore(layout);
    expect(Object.fromEntries(store.routes)).toEqual(Object.fromEntries(both('new')));
    expect(store.operations).toMatchObject([{ ...asked, outcome: 'finished' }]);
    expect(await readdir(layout.operations)).toEqual([]);
    const [{ id } = { id: 0 }] = store.operations;
    expect(await trailOf(layout)).toMatchObject([
      { ...asked, outcome: 'done', details: { operation: id, by: 'recovery' } },
      { who: 'recovery', what: 'store.recovered', details: { operations: [{ id, outcome: 'finished' }] } },
    ]);
    expect(await readLastRecovery(layout)).toMatchObject({ operations: store.operations, leftOut: 0 });

    expect((await recoverStore(layout)).operations).toEqual([]);
    expect(await trailOf(layout)).toHaveLength(2);
    expect((await readLastRecovery(layout))?.operations).toEqual(store.operations);
  });

  it('after the trail was told of it is not told again', async () => {
    const layout = await freshStore();
    const { id } = await leaveDecided(layout, both('new'));
    const store = await openStore(layout);
    await install(store, 'new', NOON);
    await store.audit.append({ ...asked, outcome: 'done', details: { operation: id } });
    await recoverStore(layout);
    expect((await trailOf(layout)).map(({ what, outcome }) => `${what} ${outcome}`)).toEqual([
      'switch done',
      'store.recovered done',
    ]);
  });

  it('before anything was decided is undone, and told as interrupted', async () => {
    const layout = await freshStore();
    await (await openStore(layout)).journal.begin(asked);
    const { operations } = await recoverStore(layout);
    expect(operations).toMatchObject([{ ...asked, outcome: 'undone' }]);
    expect((await trailOf(layout))[0]).toMatchObject({ ...asked, outcome: 'interrupted' });
    expect(await readdir(layout.operations)).toEqual([]);
  });

  it('had finished installing, and only nobody was told: then it is finished', async () => {
    const layout = await freshStore();
    const store = await openStore(layout);
    for (const name of ['whole', 'half']) {
      await store.registry.put(entryOf(name, '1.0.0', isDeployed));
      await store.journal.begin({ who: 'ada', what: 'install', subject: `${name}@1.0.0` });
    }
    await deploy(layout, 'whole');
    const { operations } = await recoverStore(layout);
    expect(operations.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['whole@1.0.0', 'finished'],
      ['half@1.0.0', 'undone'],
    ]);
  });

  it('while it was being undone is undone, and told as failed', async () => {
    const layout = await freshStore();
    const operation = await leaveDecided(layout, both('new'));
    const store = await openStore(layout);
    expect(await store.journal.retract(operation.id)).toBe(true);
    expect((await recoverStore(layout)).operations).toMatchObject([{ outcome: 'undone' }]);
    expect((await trailOf(layout))[0]).toMatchObject({ ...asked, outcome: 'failed' });
    expect((await readRoutes(layout)).routes.size).toBe(0);
  });

  it('amid an uninstallation is uninstalled', async () => {
    const layout = await freshStore();
    await install(await openStore(layout), 'screw', NOON);
    await leaveDecided(layout, undefined, uninstallOf('screw', NOON));
    const { registry, releases, unregistered } = await recoverStore(layout);
    expect([releases, unregistered]).toEqual([[], []]);
    expect(registry.isForgotten(SHA)).toBe(true);
    expect(await readdir(layout.deployed)).toEqual([]);
  });

  it('long ago, its record brought back by a power loss, takes nothing away that was installed since', async () => {
    const layout = await freshStore();
    await leaveDecided(layout, undefined, uninstallOf('screw', NOON));
    await install(await openStore(layout), 'screw', '2026-11-20T13:00:00.000Z');
    const { releases, registry } = await recoverStore(layout);
    expect(releases).toMatchObject([{ entry: { name: 'screw' }, deployment: { name: 'screw' } }]);
    expect(registry.isForgotten(SHA)).toBe(false);
  });

  it('among several is finished in the order in which they were decided', async () => {
    const layout = await freshStore();
    const first = await leaveDecided(layout, both('first'));
    await leaveDecided(layout, both('second'), undefined, { id: first.id - 1, order: first.id + 1 });
    const { routes, operations } = await recoverStore(layout);
    expect(routes.get('A01')).toEqual(routeOf('second'));
    expect(operations.map(({ id }) => id)).toEqual([first.id, first.id - 1]);
  });
});

describe('an operation that cannot be finished yet', () => {
  it('is served as decided on a full disk, and finished before the next change', async () => {
    const layout = await freshStore();
    for (const [pid, route] of both('old')) await writeRoute(layout, pid, route ?? routeOf('old'));
    await install(await openStore(layout), 'screw', NOON);
    await leaveDecided(layout, both('new'), uninstallOf('screw', NOON));
    let full = true;
    const fs = faultyFileSystem({ fail: (call) => (full ? diskFull(call) : undefined) });
    const recovered = await recoverStore(layout, {}, fs);
    expect(recovered.operations).toMatchObject([{ ...asked, outcome: 'unfinished' }]);
    expect(recovered.problems.map(({ what }) => what)).toContain('operation_unfinished');
    expect(recovered.routes).toEqual(both('new'));
    expect(recovered.releases).toEqual([]);

    const next = (): Promise<void> =>
      commitRoutes({ ...recovered, layout }, asked, new Map([['A02', routeOf('later')]]), fs);
    await refusalOf(next());
    expect((await readRoutes(layout)).routes).toEqual(both('old'));
    full = false;
    await next();
    expect((await readRoutes(layout)).routes).toEqual(new Map([...both('new'), ['A02', routeOf('later')]]));
    expect(recovered.registry.isForgotten(SHA)).toBe(true);
    expect((await trailOf(layout)).map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done']);
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true });
  });
});

describe('a record that was damaged', () => {
  const damages: readonly [string, string][] = [
    ['cut short', '{"id":'],
    ['of zeros', '\0\0\0\0'],
    [
      'about another operation',
      '{"id":8,"at":"2026-11-20T12:00:00Z","who":"","what":"","subject":"","order":9,"redo":{}}',
    ],
    [
      'that would leave its folder',
      '{"id":7,"at":"2026-11-20T12:00:00Z","who":"","what":"","subject":"","order":9,"redo":{"routes":[{"pid":"../x","route":null}]}}',
    ],
  ];

  it.each(damages)('(%s) is kept aside, told, and hinders no other', async (_, text) => {
    const layout = await freshStore();
    await leaveDecided(layout, both('new'));
    await writeFile(join(layout.operations, '7.committed.json'), text);
    const { problems, aside, routes } = await recoverStore(layout);
    expect(routes.size).toBe(2);
    expect(problems.filter(({ what }) => what === 'operation_unreadable')).toMatchObject([
      { subject: 'operations/7.committed.json', done: expect.stringContaining('moved to') as string },
    ]);
    expect(aside).toEqual([expect.stringMatching(/^operations-7\.committed\.json\./)]);
    expect(await readFile(join(layout.aside, aside[0] ?? ''), 'utf8')).toBe(text);
    expect(await readdir(layout.operations)).toEqual([]);
    expect(await readLastRecovery(layout)).toMatchObject({ aside });
  });

  it('before it told anything is removed, as any file a killed Runner had not finished', async () => {
    const layout = await freshStore();
    await writeFile(join(layout.operations, '7.begun.json'), '');
    const { problems, operations } = await recoverStore(layout);
    expect(operations).toEqual([]);
    expect(problems).toMatchObject([{ what: 'leftover', subject: 'operations/7.begun.json', done: 'removed' }]);
    expect(await readdir(layout.aside)).toEqual([]);
  });

  it('beyond understanding, as a file of somebody else, is kept aside', async () => {
    const layout = await freshStore();
    await writeFile(join(layout.operations, 'notes.txt'), 'mine');
    const { problems } = await recoverStore(layout);
    expect(problems).toMatchObject([{ what: 'operation_unreadable', subject: 'operations/notes.txt' }]);
    expect((await recoverStore(layout)).problems).toEqual([]);
  });
});

const uninstallOf = (name: string, updated_at: string) => ({ name, version: '1.0.0', sha256: SHA, updated_at });

async function install(store: OpenStore, name: string, updated_at: string): Promise<void> {
  await store.registry.put(entryOf(name, '1.0.0', { updated_at }));
  await writeFile(store.layout.zip(entryOf(name).zip), '');
  await deploy(store.layout, name);
}

/** The store as a Runner leaves it that is killed right after a commit. */
async function leaveDecided(
  layout: StoreLayout,
  routes: ReadonlyMap<string, Route | null> | undefined,
  uninstall?: object,
  numbers: { readonly id: number; readonly order: number } = { id: 1000, order: 1001 },
): Promise<Operation> {
  const redo = {
    ...(routes && { routes: [...routes].map(([pid, route]) => ({ pid, route })) }),
    ...(uninstall && { uninstall }),
  };
  const operation = { ...asked, ...numbers, at: NOON, redo };
  await writeFile(join(layout.operations, `${numbers.id}.committed.json`), JSON.stringify(operation));
  return { ...operation, stage: 'committed' } as Operation;
}
