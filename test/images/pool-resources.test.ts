import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openUnder, scratchFolder } from './support/folders.js';
import { encodedImage, testImage } from './support/images.js';
import { openPool, placed } from './support/pools.js';

describe('what the pool holds on to', () => {
  it('is no descriptor, file or memory more after 500 images of changing size than after 100', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openPool({ folder });
    const processes = [pool.enter('eyes@1.0.0'), pool.enter('others@1.0.0')];
    const cycle = async (n: number) => {
      for (const images of processes) {
        placed(images, testImage(8 + (n % 90), 8)).release();
        placed(images, encodedImage(9 + (n % 10))).release();
      }
      const reservation = pool.reserve({ width: 1 + (n % 120), height: 5, channels: 3 });
      reservation.pixels.fill(n);
      await reservation.commit();
      expect(reservation.release()).toBe(true);
    };
    const held = () => ({ open: openUnder(folder), all: readdirSync('/proc/self/fd').length });
    for (let n = 0; n < 120; n += 1) await cycle(n);
    const warm = held();
    for (let n = 0; n < 480; n += 1) await cycle(n);
    expect(held()).toEqual(warm);
    expect(pool.stats()).toMatchObject({ leased: 0, reserved: 0 });
    await pool.close();
    expect(openUnder(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('is nothing when pools are opened and closed, and processes come and go', async () => {
    const scratch = scratchFolder();
    for (let n = 0; n < 20; n += 1) {
      const pool = await openPool({ folder: join(scratch, 'pool') });
      for (let processes = 0; processes < 5; processes += 1) {
        const images = pool.enter('eyes@1.0.0');
        placed(images, testImage(64, 64));
        if (processes % 2 === 0) images.close();
      }
      await pool.close();
    }
    expect(openUnder(scratch)).toEqual([]);
    expect(readdirSync(scratch)).toEqual([]);
  });
});
