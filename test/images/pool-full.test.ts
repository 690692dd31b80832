import { ftruncateSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openImagePool } from '../../src/images/index.js';
import { scratchFolder } from './support/folders.js';
import { encodedImage, testImage } from './support/images.js';
import { readNpy } from './support/npy.js';
import { hasPrivateMounts, runInPrivateTmpfs } from './support/private-mount.js';
import { refusal } from './support/refusal.js';

const PROGRAM = fileURLToPath(new URL('./programs/full-memory.ts', import.meta.url));

describe.each(['mmap', 'plain'])('a tmpfs that is really full (%s)', (mode) => {
  it.skipIf(!hasPrivateMounts)('refuses images, keeps nothing of them, and serves again when there is room', () => {
    const { status, signal, stdout, stderr } = runInPrivateTmpfs(scratchFolder(), 12, PROGRAM, [mode]);
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      mode,
      'grow a segment that is in use': 'image_pool_full',
      'its size is still that of the small image': 'done',
      'the small image is whole': true,
      'a fresh segment': 'image_pool_full',
      'a reservation': 'image_pool_full',
      'an encoded image': 'image_pool_full',
      'bytes kept by failures': 0,
      'stats while full': { mode, free: 3, leased: 1, bytes: 32768 },
      'a small image beside it': 'done',
      'grow after room was made': 'done',
      'the large image is whole': true,
      'a fresh segment after room was made': 'done',
      'an encoded image after room was made': 'done',
      'bytes left after close': 0,
    });
  });
});

/** A memory with room for `room` bytes above what is written; a write over its end is cut short, the next one fails. */
function smallMemory(room: number) {
  const memory = { room, code: 'ENOSPC' };
  const fail = () => Object.assign(new Error(`${memory.code}: injected`), { code: memory.code });
  const sizes = new Map<number, number>();
  return {
    memory,
    faults: {
      write: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
        const growth = position + length - (sizes.get(fd) ?? 0);
        const granted = growth <= 0 ? length : Math.min(length, length - growth + memory.room);
        if (granted <= 0) throw fail();
        memory.room -= Math.max(0, granted - length + growth);
        sizes.set(fd, Math.max(sizes.get(fd) ?? 0, position + granted));
        return writeSync(fd, bytes, offset, granted, position);
      },
      truncate: (fd: number, sizeBytes: number) => {
        memory.room += (sizes.get(fd) ?? 0) - sizeBytes;
        sizes.set(fd, sizeBytes);
        ftruncateSync(fd, sizeBytes);
      },
    },
  };
}

describe.each([true, false])('a memory that runs full under the pool (preferMmap %s)', (preferMmap) => {
  it('refuses the image with what it needed, gives back what was taken, and serves the next one', async () => {
    const { memory, faults } = smallMemory(20_000);
    const pool = await openImagePool({ folder: join(scratchFolder(), 'pool'), segments: 1, preferMmap, faults });
    const error = refusal(() => pool.lease(testImage(100, 100)));
    expect(error).toMatchObject({
      faultName: 'image_pool_full',
      details: { reason: 'no_space', system_error: 'ENOSPC', wanted_bytes: 32768 },
    });
    expect(memory.room).toBe(20_000);
    expect(statSync(join(pool.folder, 'raw-00.npy')).size).toBe(0);
    const image = testImage(50, 50);
    expect(pool.lease(image).generation).toBe(2);
    expect(readNpy(join(pool.folder, 'raw-00.npy')).data.equals(image.data)).toBe(true);
  });

  it('gives back every part of a growth that failed in its middle', async () => {
    const { memory, faults } = smallMemory(3_000_000);
    const pool = await openImagePool({ folder: join(scratchFolder(), 'pool'), preferMmap, faults });
    expect(refusal(() => pool.lease(testImage(1200, 1000))).faultName).toBe('image_pool_full');
    expect(memory.room).toBe(3_000_000);
    expect(pool.stats()).toMatchObject({ leased: 0, bytes: 0 });
  });

  it('refuses an encoded image in the same way', async () => {
    const { memory, faults } = smallMemory(1000);
    const pool = await openImagePool({ folder: join(scratchFolder(), 'pool'), preferMmap, faults });
    expect(refusal(() => pool.lease(encodedImage(1001))).faultName).toBe('image_pool_full');
    expect(memory.room).toBe(1000);
    expect(pool.lease(encodedImage(1000)).generation).toBe(2);
  });

  it('tells other failures of the file system apart', async () => {
    const { memory, faults } = smallMemory(0);
    memory.code = 'EIO';
    const pool = await openImagePool({ folder: join(scratchFolder(), 'pool'), preferMmap, faults });
    const error = refusal(() => pool.lease(testImage(10, 10)));
    expect(error).toMatchObject({ faultName: 'store_io_failed', details: { system_error: 'EIO' } });
    expect(pool.stats().leased).toBe(0);
  });
});

describe('a file system that refuses other things', () => {
  const failing = (code: string) => () => {
    throw Object.assign(new Error(`${code}: injected`), { code });
  };

  it('reports a segment that cannot be made, and keeps the slot', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openImagePool({ folder, segments: 1, faults: { open: failing('EMFILE') } });
    expect(refusal(() => pool.lease(testImage(4, 4))).message).toContain('raw-00.npy');
    expect(refusal(() => pool.lease(testImage(4, 4))).faultName).toBe('store_io_failed');
  });

  it('reports a segment that cannot be cut to its payload', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openImagePool({ folder, faults: { truncate: failing('EIO') } });
    expect(refusal(() => pool.lease(encodedImage(100))).faultName).toBe('store_io_failed');
    expect(pool.stats().leased).toBe(0);
  });

  it('removes all the rest when one segment cannot be closed, and names the reason', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openImagePool({ folder, faults: { close: failing('EIO') } });
    pool.lease(testImage(4, 4));
    pool.lease(encodedImage(4));
    const error = refusal(() => pool.close());
    expect(error).toMatchObject({
      faultName: 'store_io_failed',
      details: { reasons: ['EIO: injected', 'EIO: injected'] },
    });
    expect(() => statSync(folder)).toThrow('ENOENT');
  });
});
