import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRoutes, removeRoute, writeRoute } from '../../src/store/index.js';
import type { FileSystem, StoreLayout } from '../../src/store/index.js';
import { nodeFileSystem } from '../../src/store/index.js';
import { atCalls, diskFull, faultyFileSystem } from './support/faulty-file-system.js';
import { refusalOf } from './support/refusal.js';
import { NOON, freshStore, routeOf } from './support/stores.js';

describe('routes', () => {
  it('are one file per PID, with what rollback needs after a crash', async () => {
    const layout = await freshStore();
    const route = routeOf('screw', '2.0.0', {
      previous: { name: 'screw', version: '1.0.0', activated_at: NOON },
      probation: { started_at: NOON, ends_at: NOON, min_calls: 20 },
    });
    await writeRoute(layout, 'A01', route);
    await writeRoute(layout, 'B 02', routeOf('board'));
    const { routes, problems } = await readRoutes(layout);
    expect(Object.fromEntries(routes)).toEqual({ A01: route, 'B 02': routeOf('board') });
    expect(problems).toEqual([]);
    expect(JSON.parse(await readFile(join(layout.active, 'A01.json'), 'utf8'))).toEqual(route);
  });

  it('are read from a file written by hand with no more than the contract names', async () => {
    const layout = await freshStore();
    await writeFile(
      layout.route('A01'),
      '\uFEFF{ "name": "screw", "version": "1.0", "activated_at": "2026-11-20T13:00:00+01:00" }',
    );
    expect((await readRoutes(layout)).routes.get('A01')).toMatchObject({ name: 'screw', version: '1.0' });
  });

  it('are gone after removal; removing one that is not there is as good', async () => {
    const layout = await freshStore();
    await writeRoute(layout, 'A01', routeOf('screw'));
    await removeRoute(layout, 'A01');
    await removeRoute(layout, 'A01');
    expect(await readdir(layout.active)).toEqual([]);
  });

  it('refuse a PID that would leave the folder', async () => {
    const layout = await freshStore();
    const error = await refusalOf(writeRoute(layout, '../registry', routeOf('screw')));
    expect(error.code).toBe('1001');
  });

  it('stay as they were when the write fails at its very last step', async () => {
    const layout = await freshStore();
    await writeRoute(layout, 'A01', routeOf('screw', '1.0.0'));
    const counting = faultyFileSystem({});
    await writeRoute(layout, 'A01', routeOf('screw', '1.0.0'), counting);
    const lastSync = counting.calls.findLastIndex(({ operation }) => operation === 'file.sync') + 1;
    const fs = faultyFileSystem({ fail: atCalls({ [lastSync]: 'EIO' }) });
    const error = await refusalOf(writeRoute(layout, 'A01', routeOf('screw', '2.0.0'), fs));
    expect(error.details['visible']).toBe(false);
    expect((await readRoutes(layout)).routes.get('A01')?.version).toBe('1.0.0');
  });
});

describe('a route file that was damaged', () => {
  const damages: readonly [string, (layout: StoreLayout, path: string) => Promise<unknown>, RegExp][] = [
    ['empty', (_, path) => writeFile(path, ''), /empty/],
    ['cut short', (_, path) => writeFile(path, '{"name":"scr'), /not JSON/],
    ['without a version', (_, path) => writeFile(path, `{"name":"screw","activated_at":"${NOON}"}`), /\/version/],
    ['binary', (_, path) => writeFile(path, Buffer.from([0xff, 0x00])), /not UTF-8/],
    ['huge', (_, path) => writeFile(path, ' '.repeat(100_000)), /100000 bytes/],
    ['a link', (layout, path) => symlink(layout.route('B02'), path), /symbolic link/],
    ['a folder', (_, path) => mkdir(join(path, 'deep'), { recursive: true }), /is a folder/],
    ['a pipe', (_, path) => Promise.resolve(spawnSync('mkfifo', [path])), /not an ordinary file/],
  ];

  it.each(damages)(
    '(%s) degrades its PID alone, also at the next start, with the reason',
    async (_, damage, reason) => {
      const layout = await freshStore();
      await writeRoute(layout, 'B02', routeOf('board'));
      await damage(layout, layout.route('A01'));
      await readRoutes(layout);
      const { routes, degraded, problems } = await readRoutes(layout);
      expect([...routes.keys()]).toEqual(['B02']);
      expect(problems).toMatchObject([{ what: 'route_unreadable', subject: 'A01' }]);
      expect(problems[0]?.message).toMatch(reason);
      expect(degraded.get('A01')).toMatchObject({ code: '3018' });
    },
  );

  it.each(damages)('(%s) is replaced by binding the PID, and kept aside', async (_, damage) => {
    const layout = await freshStore();
    await damage(layout, layout.route('A01'));
    await readRoutes(layout);
    await writeRoute(layout, 'A01', routeOf('screw'));
    expect((await readRoutes(layout)).routes.get('A01')).toEqual(routeOf('screw'));
    const kept = await readdir(layout.aside);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^active-A01\.json\.[0-9a-f]{12}$/);
  });

  it.each(damages)('(%s) goes when the PID is unbound, and is kept aside', async (_, damage) => {
    const layout = await freshStore();
    await damage(layout, layout.route('A01'));
    await removeRoute(layout, 'A01');
    expect(await readdir(layout.active)).toEqual([]);
    expect(await readdir(layout.aside)).toHaveLength(1);
  });

  it('and cannot be read degrades its PID alone, and can be replaced', async () => {
    const layout = await freshStore();
    await writeRoute(layout, 'A01', routeOf('screw'));
    await writeRoute(layout, 'B02', routeOf('board'));
    await chmod(layout.route('A01'), 0);
    const fs = unreadable(layout.route('A01'));
    const { routes, problems } = await readRoutes(layout, fs);
    expect([...routes.keys()]).toEqual(['B02']);
    expect(problems[0]?.message).toContain('permission is denied');
    await writeRoute(layout, 'A01', routeOf('screw', '2.0.0'), fs);
    expect((await readRoutes(layout)).routes.get('A01')?.version).toBe('2.0.0');
    expect(await readdir(layout.aside)).toHaveLength(1);
  });

  it('and has a name no PID can have is reported under that name', async () => {
    const layout = await freshStore();
    await writeFile(join(layout.active, 'con.json'), '{}');
    await writeFile(join(layout.active, 'notes.txt'), 'not a route');
    const { problems } = await readRoutes(layout);
    expect(problems.map(({ subject }) => subject)).toEqual(['con']);
  });

  it('keeps the other PIDs served when the disk is too full for a copy', async () => {
    const layout = await freshStore();
    await writeFile(layout.route('A01'), 'damaged');
    await writeRoute(layout, 'B02', routeOf('board'));
    const full = faultyFileSystem({ fail: diskFull });
    const { routes, problems } = await readRoutes(layout, full);
    expect([...routes.keys()]).toEqual(['B02']);
    expect(problems[0]?.done).toContain('no copy could be kept');
    await refusalOf(writeRoute(layout, 'A01', routeOf('screw'), full));
    expect(await readFile(layout.route('A01'), 'utf8')).toBe('damaged');
  });
});

/** Tests run as root read everything: one path answers as it would to anybody else. */
function unreadable(path: string): FileSystem {
  return {
    ...nodeFileSystem,
    open: (opened, flags, mode) =>
      opened === path
        ? Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
        : nodeFileSystem.open(opened, flags, mode),
  };
}
