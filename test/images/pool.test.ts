import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metaOf } from '../../src/images/index.js';
import { encodedImage, testImage } from './support/images.js';
import { readNpy } from './support/npy.js';
import { encodedPath, openPool, placed, rawPath } from './support/pools.js';
import { refusal, refusalOf } from './support/refusal.js';

/** Written in several turns of the event loop. */
const LARGE = [2000, 1500] as const;

describe('the images of a process', () => {
  it.each([1, 3] as const)('are NPY files where they are raw, of %i channels', async (channels) => {
    const images = (await openPool()).enter('eyes@1.0.0');
    const image = testImage(37, 21, channels);
    expect(placed(images, image).sharedMemId).toBe('raw-00');
    const { shape, data } = readNpy(rawPath(images));
    expect(shape).toEqual(channels === 1 ? [21, 37] : [21, 37, 3]);
    expect(data.equals(image.data)).toBe(true);
  });

  it('are exactly their bytes where they are encoded', async () => {
    const images = (await openPool()).enter('eyes@1.0.0');
    placed(images, encodedImage(9000, 1)).release();
    expect(placed(images, encodedImage(100, 2)).sharedMemId).toBe('enc-00');
    expect(readFileSync(encodedPath(images)).equals(Buffer.alloc(100, 2))).toBe(true);
  });

  it('lie in a segment that stays as long as it ever was, and readers go by the shape', async () => {
    const images = (await openPool()).enter('eyes@1.0.0');
    placed(images, testImage(100, 80)).release();
    const { size, ino } = statSync(rawPath(images));
    const small = testImage(9, 4, 1, 7);
    placed(images, small);
    expect(statSync(rawPath(images))).toMatchObject({ size, ino });
    expect(readNpy(rawPath(images))).toEqual({ shape: [4, 9], data: Buffer.from(small.data) });
  });

  it('are written in several turns of the event loop where they are large', async () => {
    const images = (await openPool()).enter('eyes@1.0.0');
    const large = testImage(...LARGE);
    const lease = images.place(large);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    expect(lease).toBeInstanceOf(Promise);
    expect((await lease).sharedMemId).toBe('raw-00');
    clearInterval(counting);
    expect(readNpy(rawPath(images)).data.equals(large.data)).toBe(true);
  });

  it('belong to it alone: others are neither waited for nor overwritten', async () => {
    const pool = await openPool();
    const all = Array.from({ length: 40 }, (_, n) => pool.enter(`release-${n}@1.0.0`));
    all.forEach((images, n) => placed(images, testImage(8, 8, 3, n)));
    expect(pool.stats()).toMatchObject({ leased: 40, free: 0 });
    all.forEach((images, n) => expect(readNpy(rawPath(images)).data.equals(testImage(8, 8, 3, n).data)).toBe(true));
  });

  it('are for the Runner’s own user alone', async () => {
    const pool = await openPool();
    const images = pool.enter('eyes@1.0.0');
    placed(images, testImage(2, 2)).release();
    placed(images, encodedImage(5)).release();
    for (const folder of [pool.folder, images.folder]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(images.folder)) expect(statSync(join(images.folder, name)).mode & 0o777).toBe(0o600);
  });

  it('go with the process, and its place is taken by the next one', async () => {
    const pool = await openPool();
    const first = pool.enter('eyes@1.0.0');
    const lease = placed(first, testImage(2, 2));
    first.close();
    first.close();
    expect(existsSync(first.folder)).toBe(false);
    expect(lease.release()).toBe(false);
    expect(pool.stats()).toEqual({ leased: 0, free: 0, reserved: 0, bytes: 0 });
    expect(pool.enter('eyes@1.0.0').folder).toBe(first.folder);
  });

  it('end once, however often a lease is released', async () => {
    const pool = await openPool();
    const images = pool.enter('eyes@1.0.0');
    const lease = placed(images, testImage(2, 2));
    expect([lease.release(), lease.release()]).toEqual([true, false]);
    expect(pool.stats()).toMatchObject({ free: 1, leased: 0 });
  });

  it('are told by what the pool knows of them', () => {
    expect(metaOf({ ...testImage(3, 2), colorSpace: 'BGR' })).toEqual({ width: 3, height: 2, color_space: 'BGR' });
    expect(metaOf(testImage(3, 2))).toEqual({ width: 3, height: 2 });
    expect(metaOf(encodedImage(77))).toEqual({ width: 8, height: 8, byte_length: 77 });
  });
});

describe('a pool that is closed', () => {
  it('leaves nothing, has ended every lease, and takes nothing more', async () => {
    const pool = await openPool();
    const images = pool.enter('eyes@1.0.0');
    const lease = placed(images, testImage(2, 2));
    await Promise.all([pool.close(), pool.close()]);
    expect(existsSync(pool.folder)).toBe(false);
    expect(lease.release()).toBe(false);
    expect(refusal(() => pool.enter('eyes@1.0.0')).faultName).toBe('runner_closed');
    expect(refusal(() => pool.reserve({ width: 1, height: 1, channels: 1 })).faultName).toBe('runner_closed');
    expect(pool.stats()).toEqual({ leased: 0, free: 0, reserved: 0, bytes: 0 });
  });

  it('does not wait for an image that is still being written', async () => {
    const pool = await openPool();
    const writing = pool.enter('eyes@1.0.0').place(testImage(...LARGE)) as Promise<unknown>;
    const ended = refusalOf(writing);
    await pool.close();
    expect((await ended).faultName).toBe('store_io_failed');
    expect(existsSync(pool.folder)).toBe(false);
  });
});

it.each([0, -1, 1.5, 257, NaN])('a pool of %d reservations is refused', async (reservations) => {
  expect((await refusalOf(openPool({ reservations }))).faultName).toBe('invalid_usage');
});
