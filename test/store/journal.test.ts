import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commitRoutes,
  nodeFileSystem,
  openJournal,
  readOnly,
  readOperations,
  readRoutes,
} from '../../src/store/index.js';
import { uninstallRelease, verifyAudit } from '../../src/store/index.js';
import type { Route } from '../../src/store/index.js';
import { faultyFileSystem } from './support/faulty-file-system.js';
import { diskFull } from './support/faulty-file-system.js';
import { deploy, openStore, trailOf } from './support/open-stores.js';
import { refusalOf } from './support/refusal.js';
import { SHA, entryOf, freshStore, routeOf } from './support/stores.js';

const asked = { who: 'cli', what: 'switch', subject: 'A01' };
const screw = { name: 'screw', version: '1.0.0', sha256: SHA };
const routes = (name: string, ...pids: string[]): Map<string, Route | null> =>
  new Map(pids.map((pid) => [pid, routeOf(name)]));

describe('the operation journal', () => {
  it('names what is under way to whoever looks, without the lock', async () => {
    const store = await openStore(await freshStore());
    const id = await store.journal.begin({ ...asked, details: { release: 'screw@2.0.0' } });
    const { operations } = await readOperations(store.layout, readOnly(nodeFileSystem));
    expect(operations).toMatchObject([{ ...asked, id, stage: 'begun', details: { release: 'screw@2.0.0' } }]);
    await store.journal.end(id);
    expect((await readOperations(store.layout)).operations).toEqual([]);
    expect(await readdir(store.layout.operations)).toEqual([]);
  });

  it('begins an operation without waiting for the disk', async () => {
    const fs = faultyFileSystem({});
    const store = await openStore(await freshStore(), fs);
    const before = fs.calls.length;
    await store.journal.begin(asked);
    expect(fs.calls.slice(before).map(({ operation }) => operation)).toEqual(['create', 'file.write', 'file.close']);
  });

  it('begins an operation that cannot be noted all the same', async () => {
    const store = await openStore(await freshStore());
    let full = true;
    const fs = faultyFileSystem({ fail: (call) => (full ? diskFull(call) : undefined) });
    const journal = await openJournal(store.layout, {}, fs);
    const id = await journal.begin(asked);
    full = false;
    await commitRoutes({ ...store, journal }, id, routes('screw', 'A01'));
    expect((await readRoutes(store.layout)).routes.get('A01')).toEqual(routeOf('screw'));
  });

  it('gives numbers that rise, across Runners, though the clock goes back', async () => {
    const layout = await freshStore();
    const first = await openJournal(layout, { now: () => new Date('2026-11-20T12:00:00Z') });
    const ids = [await first.begin(asked), await first.begin(asked)];
    const second = await openJournal(layout, { now: () => new Date('2020-01-01T00:00:00Z') });
    ids.push(await second.begin(asked));
    expect(ids.every((id, n) => n === 0 || id > (ids[n - 1] ?? 0))).toBe(true);
    expect(ids.every(Number.isSafeInteger)).toBe(true);
    expect(second.found.operations.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  });

  it('knows no operation that did not begin or has ended', async () => {
    const store = await openStore(await freshStore());
    const id = await store.journal.begin(asked);
    await store.journal.end(id);
    const refusal = await refusalOf(commitRoutes(store, id, routes('screw', 'A01')));
    expect(refusal.faultName).toBe('operation_conflict');
    expect((await readRoutes(store.layout)).routes.size).toBe(0);
  });
});

describe('a change of routes', () => {
  it('binds and unbinds several PIDs, tells the audit trail, and leaves no record', async () => {
    const store = await openStore(await freshStore());
    await commitRoutes(store, asked, routes('old', 'A01', 'A02'));
    const id = await store.journal.begin({ ...asked, who: 'ada', details: { reason: 'better' } });
    await commitRoutes(store, id, new Map([...routes('new', 'A01', 'A03'), ['A02', null]]));
    const found = await readRoutes(store.layout);
    expect(Object.fromEntries(found.routes)).toEqual({ A01: routeOf('new'), A03: routeOf('new') });
    expect(await readdir(store.layout.operations)).toEqual([]);
    expect((await trailOf(store.layout)).at(-1)).toMatchObject({
      ...asked,
      who: 'ada',
      outcome: 'done',
      details: {
        operation: id,
        reason: 'better',
        pids: ['A01', 'A03', 'A02'],
        routes: [
          { pid: 'A01', from: 'old@1.0.0', to: 'new@1.0.0' },
          { pid: 'A03', from: null, to: 'new@1.0.0' },
          { pid: 'A02', from: 'old@1.0.0', to: null },
        ],
      },
    });
  });

  it('is recorded in the journal and then in the trail before the first file changes', async () => {
    const layout = await freshStore();
    const fs = faultyFileSystem({});
    const store = await openStore(layout, fs);
    const before = fs.calls.length;
    await commitRoutes(store, asked, routes('screw', 'A01', 'A02'), fs);
    const synced = fs.calls.slice(before).filter(({ operation }) => operation === 'file.sync');
    const places = synced.map(({ path }) => path.slice(layout.root.length + 1).split('/')[0]);
    expect(places.filter((place, n) => place !== places[n - 1])).toEqual(['operations', 'logs', 'active']);
  });

  it.each(['create', 'rename', 'file.sync'] as const)(
    'is undone for all PIDs when the last %s fails',
    async (failing) => {
      const store = await openStore(await freshStore());
      await commitRoutes(store, asked, routes('old', 'A01', 'A02'));
      const last = store.layout.route('A02');
      let failed = false;
      const fs = faultyFileSystem({
        fail: ({ operation, path }) => {
          if (failed || operation !== failing || !path.includes(failing === 'rename' ? last : 'A02.json'))
            return undefined;
          failed = true;
          return 'ENOSPC';
        },
      });
      const refusal = await refusalOf(commitRoutes(store, asked, routes('new', 'A01', 'A02'), fs));
      expect([refusal.faultName, refusal.details['visible']]).toEqual(['store_io_failed', false]);
      expect((await readRoutes(store.layout)).routes).toEqual(routes('old', 'A01', 'A02'));
      expect(await readdir(store.layout.operations)).toEqual([]);
      expect((await trailOf(store.layout)).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'failed']);
    },
  );

  it.each(['operations', 'logs'] as const)('that cannot be recorded in %s does not happen', async (folder) => {
    const layout = await freshStore();
    let failed = false;
    const fs = faultyFileSystem({
      fail: ({ operation, path }) => {
        const hit = operation === 'create' && path.startsWith(`${layout[folder]}/`) && !path.includes('begun');
        if (failed || !hit) return undefined;
        failed = true;
        return 'ENOSPC';
      },
    });
    const store = await openStore(layout, fs);
    const id = await store.journal.begin(asked);
    await refusalOf(commitRoutes(store, id, routes('screw', 'A01'), fs));
    expect((await readRoutes(layout)).routes.size).toBe(0);
    expect(await readdir(layout.operations)).toEqual([]);
    expect(await trailOf(layout)).toMatchObject([{ outcome: 'failed', details: { operation: id } }]);
  });

  it('keeps aside what could not be understood where a route should be, and puts it back on failure', async () => {
    const store = await openStore(await freshStore());
    await mkdir(join(store.layout.route('A01'), 'deep'), { recursive: true });
    await writeFile(store.layout.route('A02'), 'damaged');
    const fs = faultyFileSystem({
      fail: ({ operation, path }) => (operation === 'create' && path.includes('A03') ? 'EIO' : undefined),
    });
    await refusalOf(commitRoutes(store, asked, routes('screw', 'A01', 'A02', 'A03'), fs));
    expect(await readdir(store.layout.route('A01'))).toEqual(['deep']);
    expect(await readFile(store.layout.route('A02'), 'utf8')).toBe('damaged');
    await commitRoutes(store, asked, routes('screw', 'A01', 'A02', 'A03'));
    expect((await readRoutes(store.layout)).routes.size).toBe(3);
    expect((await readdir(store.layout.aside)).map((name) => name.split('.')[0]).sort()).toEqual([
      'active-A01',
      'active-A02',
    ]);
  });

  it('with a route that could not be read back, or a PID that is none, is refused before anything is written', async () => {
    const store = await openStore(await freshStore());
    const bad = new Map([
      ['A01', routeOf('screw')],
      ['../A02', routeOf('screw')],
    ]);
    expect((await refusalOf(commitRoutes(store, asked, bad))).faultName).toBe('invalid_pid');
    const unfit = new Map([['A01', { ...routeOf('screw'), activated_at: 'noon' }]]);
    expect((await refusalOf(commitRoutes(store, asked, unfit))).faultName).toBe('invalid_usage');
    expect(await readdir(store.layout.active)).toEqual([]);
    expect(await readdir(store.layout.operations)).toEqual([]);
  });

  it('that can neither be undone nor finished stays decided, and is finished before the next one', async () => {
    const layout = await freshStore();
    let device: 'well' | 'failing soon' | 'failing' = 'failing soon';
    const fs = faultyFileSystem({
      fail: ({ operation, path }) => {
        if (device === 'failing soon' && operation === 'rename' && path === layout.route('A02')) device = 'failing';
        return device === 'failing' ? 'EIO' : undefined;
      },
    });
    const store = await openStore(layout, fs);
    const refusal = await refusalOf(commitRoutes(store, asked, routes('new', 'A01', 'A02'), fs));
    expect(refusal.details['visible']).toBe(true);
    expect((await readOperations(layout)).operations).toMatchObject([{ ...asked, stage: 'committed' }]);

    const next = (): Promise<void> => commitRoutes(store, asked, routes('later', 'A02'), fs);
    expect((await refusalOf(next())).details['visible']).toBe(false);
    device = 'well';
    await next();
    expect((await readRoutes(layout)).routes).toEqual(new Map([...routes('new', 'A01'), ...routes('later', 'A02')]));
    expect(await readdir(layout.operations)).toEqual([]);
  });

  it('with details that JSON cannot hold is refused, and hinders no other', async () => {
    const store = await openStore(await freshStore());
    const bad = commitRoutes(store, { ...asked, details: { count: 1n } }, routes('bad', 'A01'));
    await expect(bad).rejects.toThrow(TypeError);
    await commitRoutes(store, asked, routes('good', 'A02'));
    expect((await readRoutes(store.layout)).routes).toEqual(routes('good', 'A02'));
    expect(await readdir(store.layout.operations)).toEqual([]);
  });

  it('is refused while operations of a dead Runner wait for recovery', async () => {
    const dead = await openStore(await freshStore());
    await dead.journal.begin(asked);
    const store = await openStore(dead.layout);
    expect((await refusalOf(commitRoutes(store, asked, routes('screw', 'A01')))).faultName).toBe('operation_conflict');
    expect((await readRoutes(store.layout)).routes.size).toBe(0);
  });
});

describe('an uninstallation', () => {
  it('takes the deployment away and remembers the zip', async () => {
    const store = await openStore(await freshStore());
    await store.registry.put(entryOf('screw'));
    await deploy(store.layout, 'screw');
    await uninstallRelease(store, { ...asked, what: 'uninstall', subject: 'screw@1.0.0' }, screw);
    expect(await readdir(store.layout.deployed)).toEqual([]);
    expect(await readdir(store.layout.staging)).toEqual([]);
    expect(await readdir(store.layout.operations)).toEqual([]);
    expect(store.registry.get('screw', '1.0.0')).toBeUndefined();
    expect(store.registry.isForgotten(SHA)).toBe(true);
    expect((await trailOf(store.layout)).at(-1)).toMatchObject({
      what: 'uninstall',
      details: { release: 'screw@1.0.0' },
    });
    expect(await verifyAudit(store.layout.audit)).toMatchObject({ ok: true });
  });
});
