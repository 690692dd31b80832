import { closeSync, existsSync, ftruncateSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtProgram } from '../support/built-program.js';
import { scratchFolder } from './support/folders.js';
import { encodedImage, testImage } from './support/images.js';
import { readNpy } from './support/npy.js';
import { openPool, placed, rawPath } from './support/pools.js';
import { hasPrivateMounts, runInPrivateTmpfs } from './support/private-mount.js';
import { refusal, refusalOf } from './support/refusal.js';

const PROGRAM = builtProgram(new URL('./programs/full-memory.ts', import.meta.url));

it.skipIf(!hasPrivateMounts)(
  'a tmpfs that is really full refuses images, keeps nothing of them, and serves again',
  () => {
    const { status, signal, stdout, stderr } = runInPrivateTmpfs(scratchFolder(), 12, PROGRAM, []);
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      'a large image': 'image_pool_full',
      'a large encoded image': 'image_pool_full',
      'a small image': 'done',
      'the small image is whole': true,
      'an image that fits once an idle process gives its memory back': 'done',
      'the other process is served again': 'done',
      'a large image after room was made': 'done',
      'the large image is whole': true,
      'bytes left after close': 0,
    });
  },
);

/** A memory with room for `room` bytes above what is written; a write over its end is cut short, the next one fails. */
function smallMemory(room: number) {
  const memory = { room, code: 'ENOSPC' };
  const fail = () => Object.assign(new Error(`${memory.code}: injected`), { code: memory.code });
  const sizes = new Map<number, number>();
  return {
    memory,
    faults: {
      close: (fd: number) => {
        memory.room += sizes.get(fd) ?? 0;
        sizes.delete(fd);
        closeSync(fd);
      },
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

describe('a memory that runs full under the pool', () => {
  it('refuses the image with what it needed, gives back what was taken, and serves the next one', async () => {
    const { memory, faults } = smallMemory(20_000);
    const images = (await openPool({ faults })).enter('eyes@1.0.0');
    const error = refusal(() => images.place(testImage(100, 100)));
    expect(error).toMatchObject({
      faultName: 'image_pool_full',
      details: { reason: 'no_space', system_error: 'ENOSPC', wanted_bytes: 30_128 },
    });
    expect(memory.room).toBe(20_000);
    expect(existsSync(rawPath(images))).toBe(false);
    const image = testImage(50, 50);
    placed(images, image);
    expect(readNpy(rawPath(images)).data.equals(image.data)).toBe(true);
  });

  it('gives back every part of a large image that failed in its middle', async () => {
    const { memory, faults } = smallMemory(6_000_000);
    const pool = await openPool({ faults });
    const placing = pool.enter('eyes@1.0.0').place(testImage(2000, 1500)) as Promise<unknown>;
    expect((await refusalOf(placing)).faultName).toBe('image_pool_full');
    expect(memory.room).toBe(6_000_000);
    expect(pool.stats()).toMatchObject({ leased: 0, bytes: 0 });
  });

  it('tells other failures of the file system apart', async () => {
    const { memory, faults } = smallMemory(0);
    memory.code = 'EIO';
    const pool = await openPool({ faults });
    const error = refusal(() => pool.enter('eyes@1.0.0').place(testImage(10, 10)));
    expect(error).toMatchObject({ faultName: 'store_io_failed', details: { system_error: 'EIO' } });
    expect(pool.stats().leased).toBe(0);
  });
});

describe('a file system that refuses other things', () => {
  const failing = (code: string) => () => {
    throw Object.assign(new Error(`${code}: injected`), { code });
  };

  it('reports a segment that cannot be made, each time', async () => {
    const images = (await openPool({ faults: { open: failing('EMFILE') } })).enter('eyes@1.0.0');
    expect(refusal(() => images.place(testImage(4, 4))).message).toContain('raw-00.npy');
    expect(refusal(() => images.place(testImage(4, 4))).faultName).toBe('store_io_failed');
  });

  it('reports a segment that cannot be cut to its payload', async () => {
    const pool = await openPool({ faults: { truncate: failing('EIO') } });
    expect(refusal(() => pool.enter('eyes@1.0.0').place(encodedImage(100))).faultName).toBe('store_io_failed');
    expect(pool.stats().leased).toBe(0);
  });

  it('removes all the rest when one segment cannot be closed, and names the reason', async () => {
    const pool = await openPool({ faults: { close: failing('EIO') } });
    const images = pool.enter('eyes@1.0.0');
    placed(images, testImage(4, 4));
    const error = await refusalOf(pool.close());
    expect(error).toMatchObject({ faultName: 'store_io_failed', details: { reasons: ['EIO: injected'] } });
    expect(existsSync(pool.folder)).toBe(false);
  });
});
