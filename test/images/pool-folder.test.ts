import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImagePool } from '../../src/images/index.js';
import { scratchFolder } from './support/folders.js';
import { encodedImage, testImage } from './support/images.js';
import { refusal, refusalOf } from './support/refusal.js';

describe('the folder of the image pool', () => {
  it('is made when it is not there, and nothing was reclaimed then', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openImagePool({ folder });
    expect(existsSync(folder)).toBe(true);
    expect(pool.reclaimed).toEqual({ segments: 0, bytes: 0 });
  });

  it('loses the segments a dead Runner left, and the pool says how many and how large', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'raw-00.npy'), new Uint8Array(1000));
    writeFileSync(join(folder, 'raw-17.npy'), new Uint8Array(500));
    writeFileSync(join(folder, 'enc-03.bin'), new Uint8Array(20));
    const pool = await openImagePool({ folder, segments: 2 });
    expect(pool.reclaimed).toEqual({ segments: 3, bytes: 1520 });
    expect(readdirSync(folder)).toEqual([]);
    expect(pool.lease(testImage(4, 4)).sharedMemId).toBe('raw-00');
  });

  it('loses a link with the name of a segment, not what the link points at', async () => {
    const outside = join(scratchFolder(), 'precious');
    writeFileSync(outside, 'kept');
    const folder = scratchFolder();
    symlinkSync(outside, join(folder, 'raw-00.npy'));
    const pool = await openImagePool({ folder });
    pool.lease(testImage(4, 4));
    expect(existsSync(outside)).toBe(true);
  });

  it('keeps files that are no segments, and then the folder stays after the pool is closed', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'raw-0.npy'), 'not a name of ours');
    const pool = await openImagePool({ folder });
    pool.lease(testImage(4, 4));
    pool.close();
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'raw-0.npy']);
  });

  it('never takes a file or a link that somebody puts into it for a segment', async () => {
    const outside = join(scratchFolder(), 'precious');
    writeFileSync(outside, 'kept');
    const folder = scratchFolder();
    const pool = await openImagePool({ folder });
    symlinkSync(outside, join(folder, 'raw-00.npy'));
    writeFileSync(join(folder, 'enc-00.bin'), 'kept');
    expect(refusal(() => pool.lease(testImage(4, 4))).message).toContain('EEXIST');
    expect(refusal(() => pool.lease(encodedImage(4))).message).toContain('EEXIST');
    expect([readFileSync(outside, 'utf8'), readFileSync(join(folder, 'enc-00.bin'), 'utf8')]).toEqual(['kept', 'kept']);
    expect(pool.stats().leased).toBe(0);
  });

  it('is left alone by a pool that is closed a second time, when a successor has it by then', async () => {
    const folder = join(scratchFolder(), 'pool');
    const first = await openImagePool({ folder });
    first.close();
    const successor = await openImagePool({ folder });
    first.close();
    expect(existsSync(folder)).toBe(true);
    successor.close();
  });

  it('may lie on a disk; segments are then written plainly, for a disk may be full when a mapped page goes out', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'procvision-test-'));
    try {
      const onTmpfs = statfsSync(scratch).type === 0x01021994;
      const pool = await openImagePool({ folder: join(scratch, 'pool') });
      expect(pool.stats().mode).toBe(onTmpfs ? 'mmap' : 'plain');
      pool.lease(testImage(4, 4));
      pool.close();
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });

  it('is closed without complaint when somebody has removed it meanwhile', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openImagePool({ folder });
    pool.lease(testImage(4, 4));
    rmSync(folder, { recursive: true });
    expect(() => pool.close()).not.toThrow();
  });

  it('is refused when a symbolic link lies in its place', async () => {
    const folder = scratchFolder();
    const link = join(scratchFolder(), 'link');
    writeFileSync(join(folder, 'raw-00.npy'), 'somebody else');
    symlinkSync(folder, link);
    const error = await refusalOf(openImagePool({ folder: link }));
    expect(error).toMatchObject({ faultName: 'host_unfit', details: { problem: 'it is a symbolic link' } });
    expect(readdirSync(folder)).toEqual(['raw-00.npy']);
  });

  it('is refused when it belongs to somebody else', async () => {
    let folder = '/usr';
    if (process.getuid?.() === 0) {
      folder = scratchFolder();
      chownSync(folder, 4242, 4242);
    }
    const error = await refusalOf(openImagePool({ folder }));
    expect(error.faultName).toBe('host_unfit');
    expect(error.message).toMatch(/belongs to user \d+/);
  });

  it('is refused when other users may enter it', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o755);
    expect((await refusalOf(openImagePool({ folder }))).message).toContain('open to other users (mode 755)');
  });

  it('is refused when a file lies in its place', async () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    expect((await refusalOf(openImagePool({ folder: file }))).message).toContain('it is not a folder');
  });

  it('is refused when its parent does not exist', async () => {
    const folder = join(scratchFolder(), 'no', 'pool');
    const error = await refusalOf(openImagePool({ folder }));
    expect(error.faultName).toBe('host_unfit');
    expect(error.message).toContain(folder);
  });

  it('is refused when something with the name of a segment cannot be removed', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'raw-00.npy'));
    expect((await refusalOf(openImagePool({ folder }))).message).toContain('stale segment raw-00.npy');
  });
});
