import {
  appendFile,
  mkdir,
  readFile,
  readdir,
  rename,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importZip, removeZip, scanZips } from '../../src/store/index.js';
import type { ScanOptions, StoreLayout, ZipLooks } from '../../src/store/index.js';
import { createHash } from 'node:crypto';
import { diskFull, faultyFileSystem } from './support/faulty-file-system.js';
import { refusalOf } from './support/refusal.js';
import { freshStore, scratchFolder } from './support/stores.js';

const SETTLE_MS = 2_000;
/** The clock of the file system runs a little beside ours. */
const SETTLED = SETTLE_MS + 100;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const laterBy = (ms: number): Pick<ScanOptions, 'settleMs' | 'now'> => ({
  settleMs: SETTLE_MS,
  now: () => Date.now() + ms,
});

describe('the scan of zips', () => {
  it('lists settled zips with size, time and hash, and nothing else that lies there', async () => {
    const layout = await freshStore();
    await drop(layout, 'b.zip', 'two');
    await drop(layout, 'a.ZIP', 'one');
    await drop(layout, 'notes.txt', 'no zip');
    await drop(layout, '.a.zip.0123456789abcdef.tmp', 'half a zip');
    const { zips, settling, problems } = await scanZips(layout, laterBy(SETTLED));
    expect(zips.map(({ zip, size, sha256: sum }) => ({ zip, size, sum }))).toEqual([
      { zip: 'a.ZIP', size: 3, sum: sha256('one') },
      { zip: 'b.zip', size: 3, sum: sha256('two') },
    ]);
    expect(Date.parse(zips[0]?.modified_at ?? '')).toBeGreaterThan(0);
    expect([settling, problems]).toEqual([[], []]);
  });

  it('does not judge a zip that changed a moment ago, however old its modification time says it is', async () => {
    const layout = await freshStore();
    await drop(layout, 'a.zip', 'half');
    await utimes(join(layout.zips, 'a.zip'), new Date(0), new Date(0));
    const { zips, settling } = await scanZips(layout, laterBy(SETTLE_MS / 2));
    expect(zips).toEqual([]);
    expect(settling).toMatchObject([{ zip: 'a.zip', size: 4 }]);
    expect(settling[0]?.retryInMs).toBeGreaterThan(0);
    expect(settling[0]?.retryInMs).toBeLessThanOrEqual(SETTLE_MS / 2);
  });

  it('does not judge a zip that changes while it is read', async () => {
    const layout = await freshStore();
    await drop(layout, 'a.zip', 'half');
    let appended = false;
    const fs = faultyFileSystem({
      onCall: async ({ operation, path }) => {
        if (operation !== 'file.read' || appended) return;
        appended = true;
        await appendFile(path, ' and more');
      },
    });
    const { zips, settling } = await scanZips(layout, laterBy(SETTLED), fs);
    expect(zips).toEqual([]);
    expect(settling).toMatchObject([{ zip: 'a.zip', reason: 'it changed while it was read' }]);
  });

  it('judges a zip from the future once it was seen unchanged for long enough', async () => {
    const layout = await freshStore();
    await drop(layout, 'a.zip', 'one');
    await utimes(join(layout.zips, 'a.zip'), new Date('2100-01-01'), new Date('2100-01-01'));
    const looks: ZipLooks = new Map();
    expect((await scanZips(layout, { ...laterBy(0), looks })).settling).toHaveLength(1);
    expect((await scanZips(layout, { ...laterBy(SETTLED), looks })).zips).toHaveLength(1);
  });

  it('reads an unchanged zip once, and a changed one again', async () => {
    const layout = await freshStore();
    await drop(layout, 'a.zip', 'one');
    const looks: ZipLooks = new Map();
    const fs = faultyFileSystem({});
    const reads = (): number => fs.calls.filter(({ operation }) => operation === 'file.read').length;
    await scanZips(layout, { ...laterBy(SETTLED), looks }, fs);
    const once = reads();
    await scanZips(layout, { ...laterBy(SETTLED), looks }, fs);
    expect(reads()).toBe(once);
    await drop(layout, 'a.zip', 'two');
    const { zips } = await scanZips(layout, { ...laterBy(SETTLED), looks }, fs);
    expect(zips[0]?.sha256).toBe(sha256('two'));
  });

  it('reports links, folders, unsafe names and unreadable files, and lists the rest', async () => {
    const layout = await freshStore();
    await drop(layout, 'good.zip', 'good');
    await drop(layout, 'bad.zip', 'bad');
    await drop(layout, 'a:b.zip', 'odd');
    await mkdir(join(layout.zips, 'folder.zip'));
    await symlink('/etc/hostname', join(layout.zips, 'link.zip'));
    const fs = faultyFileSystem({
      fail: ({ operation, path }) => (operation === 'file.read' && path.endsWith('bad.zip') ? 'EIO' : undefined),
    });
    const { zips, problems } = await scanZips(layout, laterBy(SETTLED), fs);
    expect(zips.map(({ zip }) => zip)).toEqual(['good.zip']);
    expect(problems.map(({ subject }) => subject)).toEqual(['a:b.zip', 'bad.zip', 'folder.zip', 'link.zip']);
    expect(problems.map(({ message }) => message).join()).toMatch(
      /rename it.*input\/output.*is a folder.*symbolic link/,
    );
  });
});

describe('the import of a zip', () => {
  it('copies it, read-only and whole, and says what it is', async () => {
    const layout = await freshStore();
    const source = await packageFile('algo.zip', 'content');
    const imported = await importZip(layout, source, {}, faultyFileSystem({ maxWriteBytes: 3 }));
    expect(imported).toEqual({
      zip: 'algo.zip',
      path: join(layout.zips, 'algo.zip'),
      sha256: sha256('content'),
      size: 7,
      known: false,
    });
    expect(await readFile(imported.path, 'utf8')).toBe('content');
    expect((await stat(imported.path)).mode & 0o777).toBe(0o444);
  });

  it('keeps the same content once, under whatever name it comes', async () => {
    const layout = await freshStore();
    await importZip(layout, await packageFile('algo.zip', 'content'));
    const again = await importZip(layout, await packageFile('other.zip', 'content'));
    expect(again).toMatchObject({ zip: 'algo.zip', known: true });
    expect(await importZip(layout, again.path)).toMatchObject({ zip: 'algo.zip', known: true });
    expect(await readdir(layout.zips)).toEqual(['algo.zip']);
  });

  it('gives other content under a taken name a name of its own, and overwrites nothing', async () => {
    const layout = await freshStore();
    await importZip(layout, await packageFile('algo.zip', 'one'));
    const second = await importZip(layout, await packageFile('algo.zip', 'two'));
    expect(second.zip).toBe(`algo.${sha256('two').slice(0, 12)}.zip`);
    expect(await readFile(join(layout.zips, 'algo.zip'), 'utf8')).toBe('one');
    expect(await readFile(second.path, 'utf8')).toBe('two');
  });

  it('takes another name where it is told one, and follows a link to the source', async () => {
    const layout = await freshStore();
    const source = await packageFile('upload-1', 'content');
    await symlink(source, `${source}.link`);
    expect((await importZip(layout, `${source}.link`, { as: 'screw-v1-offline' })).zip).toBe('screw-v1-offline.zip');
  });

  it.each([
    ['is not there', (folder: string) => join(folder, 'none.zip')],
    ['is a folder', (folder: string) => folder],
  ])('refuses a source that %s', async (_, path) => {
    const error = await refusalOf(importZip(await freshStore(), path(await scratchFolder())));
    expect(error.code).toBe('2001');
  });

  it.each([
    ['a named pipe', (folder: string) => (execFileSync('mkfifo', [join(folder, 'p.zip')]), join(folder, 'p.zip'))],
    ['a device', () => '/dev/zero'],
    ['a link to a device', (folder: string) => (symlinkSync('/dev/zero', join(folder, 'z')), join(folder, 'z'))],
    ['a socket', () => '/proc/self/fd/0/x'],
  ])('refuses %s and does not wait for it', async (_, path) => {
    const layout = await freshStore();
    const error = await refusalOf(importZip(layout, path(await scratchFolder()), { as: 'a.zip' }));
    expect(error.code).toMatch(/2001|3019/);
    expect(await readdir(layout.zips)).toEqual([]);
  });

  it('refuses a file of no size that has no end', async () => {
    const layout = await freshStore();
    const error = await refusalOf(importZip(layout, '/proc/self/status', { as: 'a.zip' }));
    expect(error).toMatchObject({ code: '2001', details: { check: 'changed' } });
    expect(await readdir(layout.zips)).toEqual([]);
  });

  it('refuses 100 GB of nothing before any of it is read, by its size', async () => {
    const layout = await freshStore();
    const source = await packageFile('sparse.zip', '');
    await truncate(source, 100 * 1024 ** 3);
    const fs = faultyFileSystem({});
    const error = await refusalOf(importZip(layout, source, { bytesMax: 8 * 1024 ** 3 }, fs));
    expect(error).toMatchObject({ code: '2001', details: { check: 'zip_size', bytes: 100 * 1024 ** 3 } });
    expect(error.hint).toContain('zipBytesMax');
    await rename(source, join(layout.zips, 'sparse.zip'));
    const { problems } = await scanZips(layout, { ...laterBy(SETTLED), bytesMax: 8 * 1024 ** 3 }, fs);
    expect(problems).toMatchObject([{ what: 'zip_unfit', subject: 'sparse.zip' }]);
    expect(fs.calls.filter(({ operation }) => operation === 'file.read')).toEqual([]);
  });

  it('refuses what the disk has no room for before any of it is read, with both numbers', async () => {
    const layout = await freshStore();
    const source = await packageFile('sparse.zip', '');
    await truncate(source, 4000 * 1024 ** 3);
    const error = await refusalOf(importZip(layout, source));
    expect(error).toMatchObject({ code: '3019', details: { errno: 'ENOSPC' } });
    expect(Number(error.details['needed_bytes'])).toBeGreaterThan(Number(error.details['free_bytes']));
  });

  it.each([
    ['grows', (path: string) => appendFile(path, 'and more')],
    ['shrinks', (path: string) => truncate(path, 3)],
    ['is written over', (path: string) => writeFile(path, 'CONTENT')],
  ])('notices that a zip %s while it is copied', async (_, change) => {
    const layout = await freshStore();
    const source = await packageFile('algo.zip', 'content');
    let isChanged = false;
    const fs = faultyFileSystem({
      onCall: async ({ operation }) => {
        if (operation !== 'file.write' || isChanged) return;
        isChanged = true;
        await change(source);
      },
    });
    const error = await refusalOf(importZip(layout, source, {}, fs));
    expect(error).toMatchObject({ code: '2001', details: { check: 'changed' } });
    expect(await readdir(layout.zips)).toEqual([]);
  });

  it('on a full disk leaves nothing behind', async () => {
    const layout = await freshStore();
    const source = await packageFile('algo.zip', 'content');
    const fs = faultyFileSystem({ fail: (call) => (call.operation === 'file.write' ? diskFull(call) : undefined) });
    expect((await refusalOf(importZip(layout, source, {}, fs))).code).toBe('3019');
    expect(await readdir(layout.zips)).toEqual([]);
  });

  it('is undone by removal; removing what is not there is as good', async () => {
    const layout = await freshStore();
    const { zip } = await importZip(layout, await packageFile('algo.zip', 'content'));
    await removeZip(layout, zip);
    await removeZip(layout, zip);
    expect(await readdir(layout.zips)).toEqual([]);
    await expect(removeZip(layout, '../../registry.json')).rejects.toThrow(/file name/);
  });
});

async function packageFile(name: string, content: string): Promise<string> {
  const path = join(await scratchFolder(), name);
  await writeFile(path, content);
  return path;
}

/** As a person copies a file into the folder, over what was there. */
async function drop(layout: StoreLayout, name: string, content: string): Promise<void> {
  const path = await packageFile('source', content);
  await rename(path, join(layout.zips, name));
}
