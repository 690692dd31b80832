import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ImagePool, ImageReservation, RawImage, ReservedShape } from '../../src/images/index.js';
import { ReservedImage } from '../../src/images/index.js';
import { testImage } from './support/images.js';
import { readNpy } from './support/npy.js';
import { openPool, placed } from './support/pools.js';
import { refusal, refusalOf } from './support/refusal.js';

const SHAPE: ReservedShape = { width: 31, height: 17, channels: 3, colorSpace: 'BGR' };
const image = (seed: number): RawImage => testImage(31, 17, 3, seed);

/** As a call holds it. */
const used = async (reservation: ImageReservation, owner: string): Promise<ReservedImage> => {
  if (!(reservation instanceof ReservedImage)) throw new Error('not of the pool');
  await reservation.use(owner);
  return reservation;
};

/** What a process of the release is given. */
async function seen(pool: ImagePool, reservation: ImageReservation, owner: string): Promise<Buffer> {
  const images = pool.enter(owner);
  const held = await used(reservation, owner);
  const lease = await images.place(held);
  const { data } = readNpy(join(images.folder, `${lease.sharedMemId}.npy`));
  lease.release();
  held.unuse();
  images.close();
  return data;
}

describe('a reserved image', () => {
  it('is written once, and seen by every call of its release', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    expect(reservation).toMatchObject(SHAPE);
    reservation.pixels.set(image(1).data);
    await reservation.commit();
    const path = join(pool.folder, 'res-00.npy');
    const before = readFileSync(path);
    for (let call = 0; call < 3; call += 1)
      expect((await seen(pool, reservation, 'eyes@1.0.0')).equals(image(1).data)).toBe(true);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect([reservation.release(), reservation.release()]).toEqual([true, false]);
  });

  it('is committed by the call where its pixels were got since', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    for (const seed of [1, 2]) {
      reservation.pixels.set(image(seed).data);
      expect((await seen(pool, reservation, 'eyes@1.0.0')).equals(image(seed).data)).toBe(true);
    }
  });

  it('may be written by another process, through the file, and is then not copied at all', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    const { path, offsetBytes } = reservation.file;
    const driver = await open(path, 'r+');
    await driver.write(image(3).data, 0, image(3).data.length, offsetBytes);
    await driver.close();
    expect((await seen(pool, reservation, 'eyes@1.0.0')).equals(image(3).data)).toBe(true);
  });

  it('is refused as 1002 where nothing was written', async () => {
    const pool = await openPool();
    expect((await refusalOf(used(pool.reserve(SHAPE), 'eyes@1.0.0'))).code).toBe('1002');
  });

  it.each<[string, object | null]>([
    ['an empty shape', { width: 0, height: 1, channels: 1 }],
    ['four channels', { width: 1, height: 1, channels: 4 }],
    ['nothing', null],
  ])('is refused for %s', async (_, shape) => {
    const pool = await openPool();
    expect(refusal(() => pool.reserve(shape as never)).faultName).toBe('image_load_failed');
    expect(pool.stats().reserved).toBe(0);
  });

  it('stays what it is for a call under way when it is released', async () => {
    const pool = await openPool();
    const images = pool.enter('eyes@1.0.0');
    const reservation = pool.reserve(SHAPE);
    reservation.pixels.set(image(1).data);
    const held = await used(reservation, 'eyes@1.0.0');
    expect(reservation.release()).toBe(true);
    expect(pool.stats().reserved).toBe(1);
    const lease = placed(images, held);
    expect(readNpy(join(images.folder, 'res-00.npy')).data.equals(image(1).data)).toBe(true);
    lease.release();
    expect(existsSync(join(images.folder, 'res-00.npy'))).toBe(false);
    held.unuse();
    expect(pool.stats().reserved).toBe(0);
  });

  it('has memory of its own: a camera that writes on after the end reaches no later image', async () => {
    const pool = await openPool({ reservations: 1 });
    const first = pool.reserve(SHAPE);
    const { pixels } = first;
    pixels.set(image(1).data);
    first.release();
    const second = pool.reserve(SHAPE);
    second.pixels.set(image(2).data);
    pixels.fill(0xee);
    expect((await seen(pool, second, 'eyes@1.0.0')).equals(image(2).data)).toBe(true);
  });

  it('that has ended is refused by name, in every way it may be used', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    reservation.release();
    expect(refusal(() => reservation.pixels).faultName).toBe('operation_conflict');
    expect(refusal(() => reservation.file).message).toContain('was released');
    expect((await refusalOf(reservation.commit())).faultName).toBe('operation_conflict');
    expect((await refusalOf(used(reservation, 'eyes@1.0.0'))).faultName).toBe('operation_conflict');
  });

  it('cannot be committed again while a call looks at it', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    reservation.pixels.set(image(1).data);
    const held = await used(reservation, 'eyes@1.0.0');
    expect((await refusalOf(reservation.commit())).faultName).toBe('operation_conflict');
    held.unuse();
    await reservation.commit();
  });
});

describe('reservations of several releases', () => {
  it('never name a file to one that another has seen', async () => {
    const pool = await openPool({ reservations: 1 });
    const first = pool.reserve(SHAPE);
    first.pixels.set(image(1).data);
    await seen(pool, first, 'evil@1.0.0');
    const kept = await open(join(pool.folder, 'res-00.npy'), 'r+'); // as evil may have kept it
    first.release();
    const second = pool.reserve(SHAPE);
    second.pixels.set(image(2).data);
    await second.commit();
    const images = pool.enter('eyes@1.0.0');
    const held = await used(second, 'eyes@1.0.0');
    placed(images, held);
    await kept.write(new Uint8Array(1000).fill(0xee), 0, 1000, 128);
    await kept.close();
    expect(readNpy(join(images.folder, 'res-00.npy')).data.equals(image(2).data)).toBe(true);
  });

  it('give the second one a copy while the first looks at the file', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    reservation.pixels.set(image(1).data);
    const [eyes, others] = [pool.enter('eyes@1.0.0'), pool.enter('others@1.0.0')];
    const [held, also] = [await used(reservation, 'eyes@1.0.0'), await used(reservation, 'others@1.0.0')];
    expect([placed(eyes, held).sharedMemId, placed(others, also).sharedMemId]).toEqual(['res-00', 'raw-00']);
    truncateSync(join(eyes.folder, 'res-00.npy'), 0);
    expect(readNpy(join(others.folder, 'raw-00.npy')).data.equals(image(1).data)).toBe(true);
  });

  it('that were written through the file go to one of them only', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    writeFileSync(reservation.file.path, new Uint8Array(128 + 31 * 17 * 3), { flag: 'r+' });
    await used(reservation, 'eyes@1.0.0');
    const others = pool.enter('others@1.0.0');
    const also = await used(reservation, 'others@1.0.0');
    expect(refusal(() => others.place(also)).faultName).toBe('operation_conflict');
  });

  it('follow a route that moved between the reservation and the call', async () => {
    const pool = await openPool({ reservations: 1 });
    const old = pool.reserve(SHAPE, 'eyes@1.0.0');
    old.pixels.set(image(1).data);
    await seen(pool, old, 'eyes@1.0.0');
    old.release();
    const reservation = pool.reserve(SHAPE, 'eyes@1.0.0');
    const { path, offsetBytes } = reservation.file;
    const driver = await open(path, 'r+');
    await driver.write(image(2).data, 0, image(2).data.length, offsetBytes);
    await driver.close();
    expect((await seen(pool, reservation, 'eyes@2.0.0')).equals(image(2).data)).toBe(true);
  });
});

describe('a reserved image that its algorithm damages', () => {
  it('is written again for the next call where it was given in memory', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    reservation.pixels.set(image(1).data);
    await seen(pool, reservation, 'evil@1.0.0');
    truncateSync(join(pool.folder, 'res-00.npy'), 10);
    expect((await seen(pool, reservation, 'evil@1.0.0')).equals(image(1).data)).toBe(true);
  });

  it('is refused as 1002 where nobody has its pixels any more', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    const { path } = reservation.file;
    await seen(pool, reservation, 'evil@1.0.0');
    truncateSync(path, 10);
    const held = await used(reservation, 'evil@1.0.0');
    const images = pool.enter('evil@1.0.0');
    expect(refusal(() => images.place(held)).code).toBe('1002');
  });
});

describe('reservations that are forgotten', () => {
  it('are bounded: one more is refused, and says when to try again', async () => {
    const pool = await openPool({ reservations: 2 });
    pool.reserve(SHAPE);
    const second = pool.reserve(SHAPE);
    expect(refusal(() => pool.reserve(SHAPE))).toMatchObject({
      code: '3016',
      details: { reason: 'no_free_reservation', reserved: 2, retry_after_ms: expect.any(Number) as number },
    });
    second.release();
    expect(pool.reserve(SHAPE).width).toBe(31);
  });

  it('expire when nobody used them for the time that is set, not while a call looks at them', async () => {
    vi.useFakeTimers();
    try {
      const pool = await openPool({ reservations: 2, reservationMs: 1000 });
      const [forgotten, busy] = [pool.reserve(SHAPE), pool.reserve(SHAPE)];
      busy.pixels.set(image(1).data);
      const held = await used(busy, 'eyes@1.0.0');
      vi.advanceTimersByTime(5000);
      expect(refusal(() => forgotten.pixels).message).toContain('has expired');
      expect(busy.pixels).toHaveLength(31 * 17 * 3);
      held.unuse();
      vi.advanceTimersByTime(999);
      expect(pool.stats().reserved).toBe(1);
      vi.advanceTimersByTime(1);
      expect(pool.stats().reserved).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('end with their pool, and a camera that writes on harms nobody', async () => {
    const pool = await openPool();
    const reservation = pool.reserve(SHAPE);
    const { pixels } = reservation;
    await reservation.commit();
    await pool.close();
    pixels.fill(0xee);
    expect(refusal(() => reservation.pixels).message).toContain('ended with its Runner');
    expect(existsSync(pool.folder)).toBe(false);
  });
});
