import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImagePool } from '../../src/images/index.js';
import type { RawImage } from '../../src/images/index.js';
import { hasTmpfs, scratchFolder } from './support/folders.js';
import { encodedImage, testImage } from './support/images.js';
import { readNpy } from './support/npy.js';
import { refusal, refusalOf } from './support/refusal.js';

const modes = hasTmpfs ? (['mmap', 'plain'] as const) : (['plain'] as const);

describe.each(modes)('the image pool (%s)', (mode) => {
  const open = (segments = 3) =>
    openImagePool({ folder: join(scratchFolder(), 'pool'), segments, preferMmap: mode === 'mmap' });

  it('works in the mode that was asked for', async () => {
    expect((await open()).stats().mode).toBe(mode);
  });

  it.each([1, 3] as const)('hands a raw image of %i channels over as an NPY file', async (channels) => {
    const pool = await open();
    const image = testImage(37, 21, channels);
    const lease = pool.lease(image);
    const { shape, data } = readNpy(join(pool.folder, `${lease.sharedMemId}.npy`));
    expect(shape).toEqual(channels === 1 ? [21, 37] : [21, 37, 3]);
    expect(data.equals(image.data)).toBe(true);
    expect(lease).toMatchObject({ sharedMemId: 'raw-00', slot: 0, generation: 1, meta: { width: 37, height: 21 } });
  });

  it('keeps a raw segment as long as it ever was, and readers go by the shape', async () => {
    const pool = await open();
    pool.lease(testImage(100, 80)).release();
    const path = join(pool.folder, 'raw-00.npy');
    const { size } = statSync(path);
    const small = testImage(9, 4, 1, 7);
    pool.lease(small);
    expect(statSync(path).size).toBe(size);
    expect(readNpy(path)).toEqual({ shape: [4, 9], data: Buffer.from(small.data) });
  });

  it('grows a raw segment for a larger image', async () => {
    const pool = await open(1);
    pool.lease(testImage(9, 4)).release();
    const large = testImage(300, 200);
    pool.lease(large);
    expect(readNpy(join(pool.folder, 'raw-00.npy')).data.equals(large.data)).toBe(true);
  });

  it('cuts an encoded segment to exactly its bytes', async () => {
    const pool = await open(1);
    pool.lease(encodedImage(9000, 1)).release();
    const lease = pool.lease(encodedImage(100, 2));
    const file = readFileSync(join(pool.folder, `${lease.sharedMemId}.bin`));
    expect(file.equals(Buffer.alloc(100, 2))).toBe(true);
    expect(lease).toMatchObject({
      sharedMemId: 'enc-00',
      generation: 2,
      meta: { width: 8, height: 8, byte_length: 100 },
    });
  });

  it('tells the colour space when the caller did', async () => {
    const pool = await open();
    expect(pool.lease({ ...testImage(2, 2), colorSpace: 'BGR' }).meta.color_space).toBe('BGR');
    expect(pool.lease(testImage(2, 2)).meta).not.toHaveProperty('color_space');
  });

  it('makes its folder and files for its own user alone', async () => {
    const pool = await open();
    pool.lease(testImage(2, 2));
    pool.lease(encodedImage(5));
    expect(statSync(pool.folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(pool.folder)) expect(statSync(join(pool.folder, name)).mode & 0o777).toBe(0o600);
  });

  it('gives a slot back once, and says so', async () => {
    const pool = await open(1);
    const lease = pool.lease(testImage(2, 2));
    expect([lease.release(), lease.release()]).toEqual([true, false]);
    expect(pool.stats()).toMatchObject({ free: 2, leased: 0 });
  });

  it('never lets a late second return free the lease that came after', async () => {
    const pool = await open(1);
    const first = pool.lease(testImage(2, 2));
    first.release();
    const second = pool.lease(testImage(2, 2));
    expect(second).toMatchObject({ slot: first.slot, generation: first.generation + 1 });
    expect(first.release()).toBe(false);
    expect(refusal(() => pool.lease(testImage(2, 2))).faultName).toBe('image_pool_full');
    expect(second.release()).toBe(true);
  });

  it('refuses an image when every segment of its kind is out, not one of the other kind', async () => {
    const pool = await open(2);
    pool.lease(testImage(2, 2));
    pool.lease(testImage(2, 2));
    const error = refusal(() => pool.lease(testImage(2, 2)));
    expect(error).toMatchObject({ code: '3016', details: { reason: 'no_free_segment', leased: 2 } });
    expect(pool.lease(encodedImage(5)).sharedMemId).toBe('enc-00');
    expect(pool.stats()).toMatchObject({ free: 1, leased: 3 });
  });

  it('uses one segment again and again while one image at a time is on its way', async () => {
    const pool = await open();
    const ids = Array.from({ length: 5 }, () => {
      const lease = pool.lease(testImage(20, 20));
      lease.release();
      return lease.sharedMemId;
    });
    expect(new Set(ids)).toEqual(new Set(['raw-00']));
    expect(readdirSync(pool.folder)).toEqual(['raw-00.npy']);
  });

  it('takes a segment that is large enough before one that would have to grow', async () => {
    const pool = await open();
    const large = pool.lease(testImage(200, 200));
    const small = pool.lease(testImage(2, 2));
    large.release();
    small.release();
    expect(pool.lease(testImage(200, 200)).sharedMemId).toBe(large.sharedMemId);
  });

  it('fills a leased segment again for a retry', async () => {
    const pool = await open();
    const lease = pool.lease(testImage(5, 5, 3, 1));
    const again = testImage(50, 40, 1, 2);
    lease.refill(again);
    expect(lease).toMatchObject({ generation: 1, meta: { width: 50, height: 40 } });
    expect(readNpy(join(pool.folder, 'raw-00.npy'))).toEqual({ shape: [40, 50], data: Buffer.from(again.data) });
    const encoded = pool.lease(encodedImage(10));
    encoded.refill(encodedImage(20, 3));
    expect(encoded.meta.byte_length).toBe(20);
  });

  it('refuses to fill a segment whose lease has ended, or with the other kind of image', async () => {
    const pool = await open();
    const raw = pool.lease(testImage(2, 2));
    const encoded = pool.lease(encodedImage(5));
    expect(refusal(() => raw.refill(encodedImage(5))).faultName).toBe('image_load_failed');
    expect(refusal(() => encoded.refill(testImage(2, 2))).faultName).toBe('image_load_failed');
    raw.release();
    expect(refusal(() => raw.refill(testImage(2, 2))).message).toMatch(/Lease 1 of image segment raw-00 has ended/);
  });

  it('reserves a segment for a camera to write into', async () => {
    const pool = await open();
    const reservation = pool.reserve({ width: 31, height: 17, channels: 3, colorSpace: 'BGR' });
    const image = testImage(31, 17);
    reservation.pixels.set(image.data);
    reservation.commit();
    expect(reservation).toMatchObject({ sharedMemId: 'raw-00', meta: { width: 31, height: 17, color_space: 'BGR' } });
    expect(readNpy(join(pool.folder, 'raw-00.npy')).data.equals(image.data)).toBe(true);
    expect(reservation.release()).toBe(true);
    expect(refusal(() => reservation.pixels).faultName).toBe('operation_conflict');
    expect(refusal(() => reservation.commit()).faultName).toBe('operation_conflict');
    expect(reservation.release()).toBe(false);
  });

  it('reserves exactly the pixels of the shape, also in a segment that held more', async () => {
    const pool = await open(1);
    pool.lease(testImage(50, 50)).release();
    expect(pool.reserve({ width: 3, height: 2, channels: 1 }).pixels).toHaveLength(6);
  });

  it('survives a camera that keeps writing after its reservation ended and the segment grew', async () => {
    const pool = await open(1);
    const reservation = pool.reserve({ width: 64, height: 64, channels: 3 });
    const { pixels } = reservation;
    reservation.release();
    const large = testImage(256, 256);
    pool.lease(large);
    pixels.fill(0xee);
    expect(readNpy(join(pool.folder, 'raw-00.npy')).data.equals(large.data)).toBe(true);
  });

  it('survives a camera that keeps writing after the pool was closed', async () => {
    const pool = await open();
    const { pixels } = pool.reserve({ width: 640, height: 480, channels: 3 });
    pool.close();
    pixels.fill(0xee);
    expect(pixels[0]).toBe(0xee);
  });

  it('closes once: the folder is gone, every lease has ended, nothing more is accepted', async () => {
    const pool = await open();
    const lease = pool.lease(testImage(2, 2));
    const encoded = pool.lease(encodedImage(5));
    pool.close();
    pool.close();
    expect(existsSync(pool.folder)).toBe(false);
    expect([lease.release(), encoded.release()]).toEqual([false, false]);
    expect(refusal(() => lease.refill(testImage(2, 2))).faultName).toBe('operation_conflict');
    expect(refusal(() => pool.lease(testImage(2, 2))).faultName).toBe('runner_closed');
    expect(refusal(() => pool.reserve({ width: 1, height: 1, channels: 1 })).faultName).toBe('runner_closed');
    expect(pool.stats()).toEqual({ mode, free: 0, leased: 0, bytes: 0 });
  });

  it('counts the memory its segments hold', async () => {
    const pool = await open();
    expect(pool.stats()).toEqual({ mode, free: 6, leased: 0, bytes: 0 });
    pool.lease(testImage(100, 100));
    pool.lease(encodedImage(77));
    expect(pool.stats()).toEqual({ mode, free: 4, leased: 2, bytes: 32768 + 77 });
  });

  it.each([
    ['too few bytes', { width: 4, height: 4, channels: 3, data: new Uint8Array(47) }, '4×4×3 pixels are 48 bytes'],
    ['a zero width', { width: 0, height: 4, channels: 3, data: new Uint8Array(0) }, 'the width of an image'],
    ['a negative height', { width: 4, height: -4, channels: 1, data: new Uint8Array(16) }, 'the height of an image'],
    ['a fraction', { width: 1.5, height: 4, channels: 1, data: new Uint8Array(6) }, 'whole number'],
    ['no number', { width: NaN, height: 4, channels: 1, data: new Uint8Array(0) }, 'not NaN'],
    ['text for a number', { width: '4', height: 4, channels: 1, data: new Uint8Array(16) }, 'not 4'],
    ['two channels', { width: 2, height: 2, channels: 2, data: new Uint8Array(8) }, 'not 2'],
    ['an ordinary array', { width: 2, height: 2, channels: 1, data: [1, 2, 3, 4] }, 'not a Uint8Array'],
    ['16-bit samples', { width: 2, height: 2, channels: 1, data: new Uint16Array(4) }, 'not a Uint8Array'],
    ['an odd colour space', { width: 1, height: 1, channels: 3, data: new Uint8Array(3), colorSpace: 'HSV' }, 'HSV'],
    ['nothing', undefined, 'not an object'],
    ['empty encoded bytes', { ...encodedImage(0) }, 'is empty'],
    ['encoded text', { ...encodedImage(1), bytes: 'abc' }, 'not a Uint8Array'],
    ['an unknown format', { ...encodedImage(1), format: 'bmp' }, 'not bmp'],
    ['an encoded image without height', { ...encodedImage(1), height: undefined }, 'the height of an image'],
  ])('refuses %s as 1002 and keeps the slot', async (_, image, message) => {
    const pool = await open(1);
    const error = refusal(() => pool.lease(image as unknown as RawImage));
    expect(error.code).toBe('1002');
    expect(error.message).toContain(message);
    expect(pool.stats()).toMatchObject({ free: 2, leased: 0 });
  });

  it.each([{ width: 0, height: 1, channels: 1 }, { width: 1, height: 1, channels: 4 }, null])(
    'refuses to reserve %j',
    async (shape) => {
      const pool = await open();
      expect(refusal(() => pool.reserve(shape as never)).faultName).toBe('image_load_failed');
    },
  );

  it.each([0, -1, 1.5, 257, NaN])('refuses a pool of %d segments', async (segments) => {
    expect((await refusalOf(open(segments))).faultName).toBe('invalid_usage');
  });
});
