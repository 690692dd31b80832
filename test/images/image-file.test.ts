import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  decodeImage,
  decodeImageFile,
  encodePng,
  openImagePool,
  probeImage,
  readEncodedImageFile,
} from '../../src/images/index.js';
import { scratchFolder } from './support/folders.js';
import { testImage } from './support/images.js';
import { refusal, refusalOf } from './support/refusal.js';

const jpegFile = fileURLToPath(new URL('./fixtures/grey.jpg', import.meta.url));

const written = (name: string, bytes: Uint8Array | string) => {
  const path = join(scratchFolder(), name);
  writeFileSync(path, bytes);
  return path;
};

describe('an image file', () => {
  it('is decoded by its content, whatever its name', async () => {
    const image = testImage(20, 10);
    expect(await decodeImageFile(written('photo.jpg', await encodePng(image)))).toEqual(image);
    expect(await decodeImageFile(written('no-suffix', readFileSync(jpegFile)))).toMatchObject({
      width: 32,
      channels: 1,
    });
  });

  it('is passed through as it is when asked', async () => {
    const bytes = await encodePng(testImage(20, 10));
    const image = await readEncodedImageFile(written('a.png', bytes));
    expect(image).toEqual({ format: 'png', width: 20, height: 10, bytes });
    const pool = await openImagePool({ folder: join(scratchFolder(), 'pool') });
    const images = pool.enter('eyes@1.0.0');
    await images.place(image);
    expect(readFileSync(join(images.folder, 'enc-00.bin')).equals(bytes)).toBe(true);
    await pool.close();
  });

  it.each<[string, () => string, RegExp]>([
    ['missing', () => join(scratchFolder(), 'gone.png'), /ENOENT/],
    ['empty', () => written('a.png', ''), /it is empty/],
    [
      'text',
      () => written('a.png', 'hello, world'),
      /none of PNG, JPEG, TIFF, BMP and WebP; it begins with 68656c6c6f2c2077/,
    ],
    ['a single byte', () => written('a.jpg', 'x'), /none of PNG, JPEG/],
    ['a GIF', () => written('a.gif', 'GIF89a\x01\0\x01\0'), /it is a GIF; PNG, JPEG, TIFF, BMP and WebP are read/],
    ['a folder', () => scratchFolder(), /not a regular file|EISDIR/],
    ['a device', () => '/dev/zero', /not a regular file/],
    ['a truncated JPEG', () => written('a.jpg', readFileSync(jpegFile).subarray(0, -40)), /truncated/],
  ])('is refused as 1002, naming it, when it is %s', async (_, make, message) => {
    const path = make();
    const error = await refusalOf(decodeImageFile(path));
    expect(error).toMatchObject({ code: '1002', details: { path } });
    expect(error.message).toContain(path);
    expect(error.message).toMatch(message);
  });

  it('is refused for pass-through too, when its header is damaged', async () => {
    const path = written('a.jpg', readFileSync(jpegFile).subarray(0, 100));
    expect(await refusalOf(readEncodedImageFile(path))).toMatchObject({ code: '1002', details: { path } });
  });

  it('is refused, not waited for, when it is a named pipe', async () => {
    const path = join(scratchFolder(), 'pipe');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    expect((await refusalOf(decodeImageFile(path))).message).toContain('not a regular file');
  });

  it('is refused before it is read when it is larger than accepted', async () => {
    const path = written('a.png', await encodePng(testImage(20, 10)));
    expect((await refusalOf(decodeImageFile(path, { fileBytesMax: 50 }))).message).toContain('more than 50');
    expect((await refusalOf(decodeImageFile(path, { pixelsMax: 199 }))).message).toContain(
      '20×10 pixels are more than',
    );
  });

  it.skipIf(process.getuid?.() === 0)('is refused when it may not be read', async () => {
    const path = written('a.png', 'x');
    chmodSync(path, 0);
    expect((await refusalOf(decodeImageFile(path))).message).toContain('EACCES');
  });

  it('leaves no descriptor open, decoded or refused', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'folder'));
    const good = written('a.png', await encodePng(testImage(2, 2)));
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 20; i += 1) {
      await decodeImageFile(good);
      await refusalOf(decodeImageFile(join(folder, 'folder')));
    }
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

describe('bytes that are no image', () => {
  it.each([[new Uint8Array(0)], ['text'], [undefined], [new ArrayBuffer(8)], [[0x89, 0x50]]])(
    '%o are refused as 1002',
    async (bytes) => {
      expect((await refusalOf(decodeImage(bytes as Uint8Array))).code).toBe('1002');
      expect(refusal(() => probeImage(bytes as Uint8Array)).code).toBe('1002');
    },
  );
});
