import {
  existsSync,
  linkSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { DecodedImage, ImageDecoder } from '../../src/images/index.js';
import type { CallImage, DecodedFile, ImagePool, RawImage } from '../../src/images/index.js';
import { readNpy } from './support/npy.js';
import { openPool, placed } from './support/pools.js';

const file = fileURLToPath(new URL('./fixtures/jpeg-420.jpg', import.meta.url));
const RELEASE = 'eyes@1.0.0';

const opened: ImageDecoder[] = [];
afterEach(() => {
  for (const decoder of opened.splice(0)) decoder.close();
});

async function open() {
  const decoder = new ImageDecoder({ decoders: 1 });
  opened.push(decoder);
  const pool = await openPool();
  const decode = async (release = RELEASE): Promise<CallImage> =>
    decoder.decodeInto(() => pool.decodedFile(release), file);
  const straight = async (): Promise<DecodedImage> => {
    const image = await decode();
    if (!(image instanceof DecodedImage)) throw new Error('the image was decoded into memory');
    return image;
  };
  return { pool, decoder, decode, straight, pixels: await decoder.decodeFile(file) };
}

const handed = (folder: string, id = 'res-00') => readNpy(join(folder, `${id}.npy`));
const nameOfFile = (pool: ImagePool): string => join(pool.folder, 'dec-01.npy');
const shapeOf = ({ width, height, channels }: RawImage) => [height, width, channels];

describe('an image for a release', () => {
  it('is decoded to where the process reads it, without its pixels in the Runner', async () => {
    const { pool, straight, pixels } = await open();
    const image = await straight();
    expect('data' in image).toBe(false);
    const images = pool.enter(RELEASE);
    const lease = placed(images, image);
    expect(lease.sharedMemId).toBe('res-00');
    expect(handed(images.folder)).toEqual({ shape: shapeOf(pixels), data: Buffer.from(pixels.data) });
    lease.release();
    expect(existsSync(join(images.folder, 'res-00.npy'))).toBe(false);
  });

  it('goes into memory while two others of the release are held, and other releases have their own two', async () => {
    const { pool, decode, pixels } = await open();
    await decode();
    await decode();
    const third = await decode();
    expect(third).toEqual(pixels);
    expect(await decode('ears@1.0.0')).toBeInstanceOf(DecodedImage);
    const images = pool.enter(RELEASE);
    expect(placed(images, third).sharedMemId).toBe('raw-00');
  });

  it('goes to the file of the one before, once all who use that have let go', async () => {
    const { straight, pool } = await open();
    const first = await straight();
    const { ino } = statSync(nameOfFile(pool));
    first.use();
    first.unuse();
    const second = await straight();
    first.unuse();
    second.unuse();
    await straight();
    expect(statSync(join(pool.folder, 'dec-02.npy')).ino).not.toBe(ino);
    await straight();
    expect(statSync(nameOfFile(pool)).ino).toBe(ino);
  });

  it('goes into memory where the memory of segments is full', async () => {
    const { decoder, pixels } = await open();
    let discarded = 0;
    const full: DecodedFile = {
      path: '/dev/full',
      written: () => undefined,
      link: () => false,
      giveBack: () => undefined,
      discard: () => (discarded += 1),
    };
    expect(await decoder.decodeInto(() => full, file)).toEqual(pixels);
    expect(discarded).toBe(1);
  });

  it('that is given up keeps no file, and the next one is whole', async () => {
    const { pool, decoder, straight, pixels } = await open();
    const gaveUp = new AbortController();
    const decoding = decoder.decodeInto(() => pool.decodedFile(RELEASE), file, { signal: gaveUp.signal });
    gaveUp.abort();
    await expect(decoding).rejects.toMatchObject({ code: '3008' });
    const both = [await straight(), await straight()];
    const images = pool.enter(RELEASE);
    for (const image of both) {
      const lease = placed(images, image);
      expect(handed(images.folder).data.equals(Buffer.from(pixels.data))).toBe(true);
      lease.release();
    }
  });
});

describe('what an algorithm does to a decoded file before its call', () => {
  const elsewhere = (path: string) => `${path}.elsewhere`;
  const attacks: readonly [string, (path: string) => void][] = [
    ['removed', unlinkSync],
    ['cut off', (path) => truncateSync(path, 100)],
    ['made longer', (path) => truncateSync(path, 10_000_000)],
    ['moved away', (path) => renameSync(path, elsewhere(path))],
    ['replaced by a file', (path) => (unlinkSync(path), writeFileSync(path, 'mine', { mode: 0o600 }))],
    ['replaced by a link', (path) => (unlinkSync(path), symlinkSync('/etc/hostname', path))],
    ['replaced by a second name of another file', replaceByName],
  ];

  function replaceByName(path: string): void {
    writeFileSync(elsewhere(path), 'mine');
    unlinkSync(path);
    linkSync(elsewhere(path), path);
  }

  it.each(attacks)('costs nothing where it is %s: the image is decoded again', async (_, attack) => {
    const { pool, straight, pixels } = await open();
    const image = await straight();
    attack(nameOfFile(pool));
    const images = pool.enter(RELEASE);
    const lease = await images.place(image);
    expect(lease.sharedMemId).toBe('raw-00');
    expect(handed(images.folder, lease.sharedMemId).data.equals(Buffer.from(pixels.data))).toBe(true);
    lease.release();
    image.unuse();
    const next = placed(images, await straight());
    expect(next.sharedMemId).toBe('res-00');
  });
});

it('a file of one release is never named to another', async () => {
  const { pool, straight } = await open();
  const image = await straight();
  const other = pool.enter('ears@1.0.0');
  expect((await other.place(image)).sharedMemId).toBe('raw-00');
});

it('the memory of decoded images is given back with the last process of their release, and with the pool', async () => {
  const { pool, straight } = await open();
  const [first, second] = [pool.enter(RELEASE), pool.enter(RELEASE)];
  (await straight()).unuse();
  first.close();
  expect(existsSync(nameOfFile(pool))).toBe(true);
  second.close();
  expect(existsSync(nameOfFile(pool))).toBe(false);
  await straight();
  expect(pool.stats().bytes).toBeGreaterThan(0);
  await pool.close();
  expect(existsSync(pool.folder)).toBe(false);
});
