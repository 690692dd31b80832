import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { claimImageFolder, findImageFolder } from '../../src/runner/images/image-folder.js';
import { acquireFolderLock, storeLayout } from '../../src/store/index.js';
import { scratchFolder } from './support/folders.js';

let memory: string;
beforeEach(() => {
  memory = scratchFolder();
});

function store() {
  const layout = storeLayout(join(scratchFolder(), 'store'));
  mkdirSync(layout.root);
  return layout;
}

describe('the folder of a store’s images in shared memory', () => {
  test('has a random name, which the store keeps', async () => {
    const layout = store();
    const first = await claimImageFolder(layout, memory);
    await first.release();
    expect(existsSync(first.folder)).toBe(false);
    const again = await claimImageFolder(layout, memory);
    expect(again.folder).toBe(first.folder);
    await again.release();
  });

  test('is another one for each of two stores, also at the same path of two containers', async () => {
    const layout = store();
    const one = await claimImageFolder(layout, memory);
    rmSync(layout.root, { recursive: true }); // as the other container has its own disk there
    mkdirSync(layout.root);
    const other = await claimImageFolder(layout, memory);
    expect(other.folder).not.toBe(one.folder);
    await Promise.all([one.release(), other.release()]);
  });

  test('is never that of a living Runner whose store was copied; the copy takes a name of its own', async () => {
    const original = store();
    const one = await claimImageFolder(original, memory);
    writeFileSync(join(one.folder, 'raw-00.npy'), 'in use');
    const copied = storeLayout(join(scratchFolder(), 'store'));
    cpSync(original.root, copied.root, { recursive: true });
    const other = await claimImageFolder(copied, memory);
    expect(other.folder).not.toBe(one.folder);
    expect(readdirSync(one.folder)).toEqual(['raw-00.npy']);
    expect(readFileSync(copied.images, 'utf8')).not.toBe(readFileSync(original.images, 'utf8'));
    await other.release();
    expect((await claimImageFolder(copied, memory)).folder).toBe(other.folder);
  });

  test('is that of a dead Runner again, with what it left there', async () => {
    const layout = store();
    const { folder } = await claimImageFolder(layout, memory);
    rmSync(layout.root, { recursive: true });
    mkdirSync(layout.root);
    const program = `
      import fcntl, os, sys
      fd = os.open(sys.argv[1], os.O_RDONLY); fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)`;
    const dead = join(memory, `procvision-${'ab'.repeat(16)}`);
    mkdirSync(dead, { mode: 0o700 });
    writeFileSync(join(dead, 'raw-00.npy'), 'left');
    execFileSync('python3', ['-c', program.replaceAll('\n      ', '\n'), dead]);
    writeFileSync(layout.images, `${'ab'.repeat(16)}\n`);
    const claimed = await claimImageFolder(layout, memory);
    expect(claimed.folder).toBe(dead);
    expect(claimed.folder).not.toBe(folder);
    expect(readdirSync(dead)).toEqual(['raw-00.npy']);
  });

  test.each([
    ['nothing', ''],
    ['text', '../../etc'],
    ['more than a name', 'ab'.repeat(40)],
  ])('is named anew where the store’s name for it is %s', async (_, text) => {
    const layout = store();
    writeFileSync(layout.images, text);
    const { folder } = await claimImageFolder(layout, memory);
    expect(folder).toMatch(new RegExp(`^${memory}/procvision-[0-9a-f]{32}$`));
    expect(readFileSync(layout.images, 'utf8')).toMatch(/^[0-9a-f]{32}\n$/);
  });

  test('is named anew where a pipe lies in the place of its name, and asking waits for nobody', async () => {
    const layout = store();
    execFileSync('mkfifo', [layout.images]);
    expect(await findImageFolder(layout)).toBeNull();
    expect((await claimImageFolder(layout, memory)).folder).toContain('procvision-');
  });
});

describe('the lock of a folder where there is no flock', () => {
  test('is a claim that keeps others out, and goes when it is freed', async () => {
    const folder = scratchFolder();
    const lock = await acquireFolderLock(folder, 'no-such-tool');
    expect(lock).not.toBeNull();
    expect(await acquireFolderLock(folder, 'no-such-tool')).toBeNull();
    await lock?.release();
    const next = await acquireFolderLock(folder, 'no-such-tool');
    expect(next).not.toBeNull();
    await next?.release();
  });

  test('is not kept by a claim of a process that is gone', async () => {
    const folder = scratchFolder();
    const lock = await acquireFolderLock(folder, 'no-such-tool');
    const [claim = ''] = readdirSync(join(folder, 'lock'));
    await lock?.release();
    const [place, , ...rest] = claim.split('.');
    writeFileSync(join(folder, 'lock', [place, '4194303', ...rest].join('.')), '');
    expect(await acquireFolderLock(folder, 'no-such-tool')).not.toBeNull();
  });
});
