import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import type * as koffiModule from 'koffi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openImagePool } from '../../src/images/index.js';
import { hasTmpfs, openUnder, scratchFolder } from './support/folders.js';
import { readNpy } from './support/npy.js';
import { encodedImage, testImage } from './support/images.js';

type Koffi = typeof koffiModule;

describe.each([true, false])('what the pool holds on to (preferMmap %s)', (preferMmap) => {
  it('leaks no descriptor, mapping or segment in 2,000 leases of changing size', async () => {
    const folder = join(scratchFolder(), 'pool');
    const pool = await openImagePool({ folder, segments: 4, preferMmap });
    const cycle = (n: number) => {
      const leases = [
        pool.lease(testImage(8 + (n % 90), 8)),
        pool.lease(testImage(8, 8, 1)),
        pool.lease(encodedImage(9)),
      ];
      const reservation = pool.reserve({ width: 1 + (n % 120), height: 5, channels: 3 });
      reservation.pixels.fill(n);
      reservation.commit();
      for (const lease of [...leases, reservation]) expect(lease.release()).toBe(true);
    };
    for (let n = 0; n < 120; n += 1) cycle(n);
    const warm = { open: openUnder(folder), all: readdirSync('/proc/self/fd').length, bytes: pool.stats().bytes };
    for (let n = 0; n < 500; n += 1) cycle(n);
    expect(openUnder(folder)).toEqual(warm.open);
    expect(readdirSync('/proc/self/fd')).toHaveLength(warm.all);
    expect(pool.stats()).toMatchObject({ leased: 0, bytes: warm.bytes });
    pool.close();
    expect(openUnder(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('leaks nothing when pools are opened and closed', async () => {
    const scratch = scratchFolder();
    for (let n = 0; n < 20; n += 1) {
      const pool = await openImagePool({ folder: join(scratch, 'pool'), preferMmap });
      pool.lease(testImage(64, 64));
      pool.lease(encodedImage(64));
      pool.close();
    }
    expect(openUnder(scratch)).toEqual([]);
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe('the fast path and its host', () => {
  afterEach(() => {
    vi.doUnmock('koffi');
    vi.resetModules();
  });

  /** A pool over a koffi that is changed; its segment must work in any case. */
  async function poolWith(koffi: (real: Koffi) => object) {
    vi.resetModules();
    vi.doMock('koffi', async (original) => koffi(await original()));
    const images = await import('../../src/images/index.js');
    const pool = await images.openImagePool({ folder: join(scratchFolder(), 'pool') });
    return pool;
  }

  type Func = (name: string, ...rest: unknown[]) => (...args: number[]) => number;

  /** koffi with one C function wrapped. */
  const wrapping = (name: string, wrap: (real: (...args: number[]) => number, args: number[]) => number) => {
    return ({ default: real }: Koffi) => ({
      default: {
        ...real,
        load: (path: null) => {
          const lib = real.load(path);
          const func: Func = (symbol, ...rest) => {
            const f = (lib.func as Func).call(lib, symbol, ...rest);
            return symbol === name ? (...args) => wrap(f, args) : f;
          };
          return { func };
        },
      },
    });
  };

  it('is left out where koffi does not load', async () => {
    const pool = await poolWith(() => {
      throw new Error('no prebuilt binary for this platform');
    });
    expect(pool.stats().mode).toBe('plain');
    expect(pool.lease(testImage(4, 4)).release()).toBe(true);
    pool.close();
  });

  it('is left out where the runtime forbids views of foreign memory', async () => {
    const pool = await poolWith(({ default: real }) => ({
      default: {
        ...real,
        view: () => {
          throw new Error('External buffers are not allowed');
        },
      },
    }));
    expect(pool.stats().mode).toBe('plain');
    pool.close();
  });

  it('is left out where views turn out to be copies', async () => {
    const pool = await poolWith(({ default: real }) => ({
      default: { ...real, view: (_: number, size: number) => new ArrayBuffer(size) },
    }));
    expect(pool.stats().mode).toBe('plain');
    pool.close();
  });

  it.skipIf(!hasTmpfs)('writes an image plainly when the kernel refuses to map its segment', async () => {
    const refuseFiles = wrapping('mmap', (mmap, args) => (args[4] === -1 ? mmap(...args) : -1));
    const pool = await poolWith(refuseFiles);
    expect(pool.stats().mode).toBe('mmap');
    const reservation = pool.reserve({ width: 4, height: 4, channels: 1 });
    reservation.pixels.fill(9);
    reservation.commit();
    expect(readNpy(join(pool.folder, 'raw-00.npy')).data.equals(Buffer.alloc(16, 9))).toBe(true);
    pool.close();
  });

  it.skipIf(!hasTmpfs)('gives a mapped range of addresses back once nobody can look at it any more', async () => {
    const live = new Set<number>();
    const recording = (real: Koffi) =>
      wrapping('munmap', (munmap, args) => {
        live.delete(args[0] ?? 0);
        return munmap(...args);
      })(
        wrapping('mmap', (mmap, args) => {
          const address = mmap(...args);
          if (args[4] !== -1) live.add(address);
          return address;
        })(real) as Koffi,
      );
    const pool = await poolWith(recording);
    for (const side of [16, 64, 128]) pool.lease(testImage(side, side)).release();
    expect(live.size).toBeGreaterThan(1);
    pool.close();
    v8.setFlagsFromString('--expose-gc');
    const gc = vm.runInNewContext('gc') as () => void;
    for (let i = 0; i < 50 && live.size > 0; i += 1) {
      gc();
      await setImmediate();
    }
    expect(live.size).toBe(0);
  });
});
