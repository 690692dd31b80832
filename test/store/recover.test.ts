import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  beginDeployment,
  listAside,
  nodeFileSystem,
  openRegistry,
  readLastRecovery,
  readOnly,
  recoverStore,
  storeLayout,
  verifyAudit,
  writeRoute,
} from '../../src/store/index.js';
import type { RecoveredStore, RegistryEntry, StoreLayout } from '../../src/store/index.js';
import { diskFull, faultyFileSystem } from './support/faulty-file-system.js';
import { deploy, trailOf } from './support/open-stores.js';
import { entryOf, freshStore, recordOf, routeOf, scratchFolder } from './support/stores.js';

describe('recovery of a store', () => {
  it('makes an empty store where there is none', async () => {
    const layout = storeLayout(join(await scratchFolder(), 'deep/store'));
    const store = await recoverStore(layout);
    expect(store.problems).toEqual([]);
    expect(store.releases).toEqual([]);
    expect((await readdir(layout.root)).sort()).toEqual(['active', 'algorithms', 'aside', 'logs', 'operations']);
  });

  it('finds nothing amiss in a store that was closed in order', async () => {
    const layout = await storeWithScrew();
    const store = await recoverStore(layout);
    expect(store.problems).toEqual([]);
    expect(store.releases).toMatchObject([{ entry: entryOf('screw'), deployment: { name: 'screw' } }]);
    expect(store.routes.get('A01')).toEqual(routeOf('screw'));
    expect([...store.degraded]).toEqual([]);
    expect(await verifyAudit(layout.audit)).toMatchObject({ records: 0 });
  });

  it('removes what killed writers left, tells the audit trail, and finds nothing the second time', async () => {
    const layout = await storeWithScrew();
    await beginDeployment(layout, 'board', '1.0.0');
    const temp = '.A01.json.0123456789abcdef.tmp';
    await writeFile(join(layout.active, temp), '{"na');
    await writeFile(join(layout.zips, '.a.zip.0123456789abcdef.tmp'), 'PK');

    const first = await recoverStore(layout);
    expect(first.problems.map(({ what, subject, done }) => [what, subject, done])).toEqual([
      ['leftover', `active/${temp}`, 'removed'],
      ['leftover', 'algorithms/zips/.a.zip.0123456789abcdef.tmp', 'removed'],
      ['deployment_incomplete', 'board@1.0.0', 'removed'],
    ]);
    expect(await trailOf(layout)).toMatchObject([
      { who: 'recovery', what: 'store.recovered', outcome: 'done', details: { problems: first.problems } },
    ]);
    expect((await recoverStore(layout)).problems).toEqual([]);
  });

  it('names where registry, deployments and zips contradict each other, and decides nothing', async () => {
    const layout = await storeWithScrew();
    const registry = await openRegistry(layout);
    await registry.put(entryOf('lost'));
    await registry.put(entryOf('ahead', '1.0.0', { state: 'Validated' }));
    await registry.put(entryOf('swapped', '1.0.0', { sha256: 'c'.repeat(64) }));
    for (const name of ['ahead', 'swapped', 'unknown']) await deploy(layout, name);
    for (const name of ['ahead', 'swapped', 'lost']) await writeFile(zipOf(layout, entryOf(name)), '');
    await rm(zipOf(layout, entryOf('screw')));

    const store = await recoverStore(layout);
    expect(kinds(store).sort()).toEqual([
      ['deployment_differs', 'swapped@1.0.0'],
      ['deployment_missing', 'lost@1.0.0'],
      ['deployment_unregistered', 'ahead@1.0.0'],
      ['deployment_unregistered', 'unknown@1.0.0'],
      ['zip_missing', 'screw@1.0.0'],
    ]);
    expect(store.unregistered.map(({ name }) => name).sort()).toEqual(['ahead', 'unknown']);
    expect(store.problems.every(({ done }) => done === null)).toBe(true);
  });

  it('degrades exactly the PIDs whose release is not there, each with the reason', async () => {
    const layout = await storeWithScrew();
    await (await openRegistry(layout)).put(entryOf('broken', '1.0.0', { state: 'Invalid' }));
    await writeFile(zipOf(layout, entryOf('broken')), '');
    await writeRoute(layout, 'B02', routeOf('gone'));
    await writeRoute(layout, 'B03', routeOf('broken'));
    await writeFile(layout.route('B04'), '');
    const { routes, degraded } = await recoverStore(layout);
    expect([...routes.keys()].sort()).toEqual(['A01', 'B02', 'B03']);
    expect([...degraded.keys()].sort()).toEqual(['B02', 'B03', 'B04']);
    expect(degraded.get('B02')?.message).toContain('gone@1.0.0, which the registry does not know');
    expect(degraded.get('B03')?.message).toContain('Invalid');
    expect(degraded.get('B04')?.message).toContain('empty');
  });

  it('after the registry was lost still knows every deployment', async () => {
    const layout = await storeWithScrew();
    await writeFile(layout.registry, '\0\0\0\0');
    const store = await recoverStore(layout);
    expect(store.unregistered).toMatchObject([{ name: 'screw', record: recordOf('screw') }]);
    expect(store.routes.has('A01')).toBe(true);
    expect(store.degraded.has('A01')).toBe(true);
  });

  it('serves on a full disk, and says that nothing could be recorded', async () => {
    const layout = await storeWithScrew();
    await beginDeployment(layout, 'board', '1.0.0');
    const store = await recoverStore(layout, {}, faultyFileSystem({ fail: diskFull }));
    expect(store.routes.get('A01')).toEqual(routeOf('screw'));
    expect(kinds(store)).toEqual([
      ['deployment_incomplete', 'board@1.0.0'],
      ['audit_unavailable', 'logs/audit.jsonl'],
    ]);
  });

  it('says how much of what it found did not fit into one record', async () => {
    const layout = await freshStore();
    const registry = await openRegistry(layout);
    const names = Array.from({ length: 400 }, (_, n) => `release-${n}`);
    await Promise.all(names.map((name) => registry.put(entryOf(name, '1.0.0', { state: 'Validated' }))));
    const { problems } = await recoverStore(layout);
    const told = await readLastRecovery(layout);
    expect(problems).toHaveLength(400);
    expect(told?.problems).toEqual(problems.slice(0, told?.problems.length));
    expect(told?.leftOut).toBe(400 - (told?.problems.length ?? 0));
    expect(told?.leftOut).toBeGreaterThan(0);
  });

  it('is remembered by its last record, also after many others', async () => {
    const layout = await freshStore();
    expect(await readLastRecovery(layout)).toBeUndefined();
    await writeFile(join(layout.active, '.A01.json.0123456789abcdef.tmp'), '');
    const { audit, problems } = await recoverStore(layout);
    for (let n = 0; n < 50; n += 1) await audit.append({ who: 'a', what: 'b', subject: String(n), outcome: 'done' });
    expect(await readLastRecovery(layout, readOnly(nodeFileSystem))).toMatchObject({
      problems,
      operations: [],
      aside: [],
    });
  });

  it('leaves a list of what was kept aside, the latest first', async () => {
    const layout = await freshStore();
    await writeFile(layout.route('A01'), 'damaged');
    await recoverStore(layout);
    await writeFile(layout.route('B02'), 'damaged too');
    const { aside } = await recoverStore(layout);
    expect(aside).toEqual([expect.stringMatching(/^active-B02/)]);
    const list = await listAside(layout, readOnly(nodeFileSystem));
    expect(list.map(({ name, size }) => [name.split('.')[0], size])).toEqual([
      ['active-B02', 11],
      ['active-A01', 7],
    ]);
    expect(Date.parse(list[0]?.at ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('refuses a store whose place is taken by a file', async () => {
    const folder = await scratchFolder();
    await writeFile(join(folder, 'store'), '');
    await expect(recoverStore(storeLayout(join(folder, 'store')))).rejects.toMatchObject({
      faultName: 'store_io_failed',
    });
    await mkdir(join(folder, 'fine'));
    await recoverStore(storeLayout(join(folder, 'fine')));
  });
});

async function storeWithScrew(): Promise<StoreLayout> {
  const layout = await freshStore();
  await (await openRegistry(layout)).put(entryOf('screw'));
  await writeFile(zipOf(layout, entryOf('screw')), '');
  await deploy(layout, 'screw');
  await writeRoute(layout, 'A01', routeOf('screw'));
  return layout;
}

function zipOf(layout: StoreLayout, entry: RegistryEntry): string {
  return layout.zip(entry.zip);
}

function kinds(store: RecoveredStore): [string, string][] {
  return store.problems.map(({ what, subject }) => [what, subject]);
}
