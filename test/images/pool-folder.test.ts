import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from './support/folders.js';
import { testImage } from './support/images.js';
import { openPool, placed } from './support/pools.js';
import { refusalOf } from './support/refusal.js';

describe('the folder of the image pool', () => {
  it('is made when it is not there, and nothing was reclaimed then', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openPool({ folder });
    expect(existsSync(folder)).toBe(true);
    expect(pool.reclaimed).toEqual({ segments: 0, bytes: 0 });
  });

  it('loses what a dead Runner and its algorithms left, and the pool says how many segments that were and how large', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'process-1'));
    mkdirSync(join(folder, 'process-2'));
    writeFileSync(join(folder, 'process-1', 'raw-00.npy'), new Uint8Array(1000));
    writeFileSync(join(folder, 'process-2', 'enc-00.bin'), new Uint8Array(20));
    writeFileSync(join(folder, 'res-03.npy'), new Uint8Array(500));
    writeFileSync(join(folder, 'process-2', 'notes'), 'of an algorithm');
    const pool = await openPool({ folder });
    expect(pool.reclaimed).toEqual({ segments: 3, bytes: 1520 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('loses links that lie in it, not what they point at', async () => {
    const outside = scratchFolder();
    writeFileSync(join(outside, 'raw-00.npy'), 'kept');
    const folder = scratchFolder();
    symlinkSync(join(outside, 'raw-00.npy'), join(folder, 'raw-00.npy'));
    symlinkSync(outside, join(folder, 'process-1'));
    const pool = await openPool({ folder });
    expect(readdirSync(folder)).toEqual([]);
    await pool.close();
    expect(readdirSync(outside)).toEqual(['raw-00.npy']);
  });

  it('is left alone by a pool that is closed a second time, when a successor has it by then', async () => {
    const folder = join(scratchFolder(), 'pool');
    const first = await openPool({ folder });
    await first.close();
    const successor = await openPool({ folder });
    await first.close();
    expect(existsSync(folder)).toBe(true);
    await successor.close();
  });

  it('may lie on a disk', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'procvision-test-'));
    try {
      const pool = await openPool({ folder: join(scratch, 'pool') });
      placed(pool.enter('eyes@1.0.0'), testImage(4, 4));
      await pool.close();
      expect(readdirSync(scratch)).toEqual([]);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });

  it('is closed without complaint when somebody has removed it meanwhile', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openPool({ folder });
    placed(pool.enter('eyes@1.0.0'), testImage(4, 4));
    rmSync(folder, { recursive: true });
    await pool.close();
  });

  it('is refused when a symbolic link lies in its place', async () => {
    const folder = scratchFolder();
    const link = join(scratchFolder(), 'link');
    writeFileSync(join(folder, 'raw-00.npy'), 'somebody else');
    symlinkSync(folder, link);
    const error = await refusalOf(openPool({ folder: link }));
    expect(error).toMatchObject({ faultName: 'host_unfit', details: { problem: 'it is a symbolic link' } });
    expect(readdirSync(folder)).toEqual(['raw-00.npy']);
  });

  it('is refused when it belongs to somebody else', async () => {
    let folder = '/usr';
    if (process.getuid?.() === 0) {
      folder = scratchFolder();
      chownSync(folder, 4242, 4242);
    }
    const error = await refusalOf(openPool({ folder }));
    expect(error.faultName).toBe('host_unfit');
    expect(error.message).toMatch(/belongs to user \d+/);
  });

  it('is refused when other users may enter it', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o755);
    expect((await refusalOf(openPool({ folder }))).message).toContain('open to other users (mode 755)');
  });

  it('is refused when a file lies in its place', async () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    expect((await refusalOf(openPool({ folder: file }))).message).toContain('it is not a folder');
  });

  it('is refused when its parent does not exist', async () => {
    const folder = join(scratchFolder(), 'no', 'pool');
    const error = await refusalOf(openPool({ folder }));
    expect(error.faultName).toBe('host_unfit');
    expect(error.message).toContain(folder);
  });
});
