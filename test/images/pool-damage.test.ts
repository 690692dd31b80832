import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodedImage, testImage } from './support/images.js';
import { readNpy } from './support/npy.js';
import { encodedPath, openPool, placed, rawPath } from './support/pools.js';

/** What the process does to a file, and what is said of it; null: nothing to see, and nothing to mend. */
const FILES: readonly (readonly [string, (path: string) => void, RegExp | null])[] = [
  ['cuts it to nothing', (path) => truncateSync(path, 0), /holds 0 bytes/],
  ['cuts it short', (path) => truncateSync(path, 50), /holds 50 bytes/],
  ['makes it huge', (path) => truncateSync(path, 2 ** 40), /holds \d+ bytes/],
  ['overwrites its header', (path) => writeFileSync(path, 'garbage!', { flag: 'r+' }), null],
  ['forbids it', (path) => chmodSync(path, 0), /mode is 0/],
  ['removes it', (path) => unlinkSync(path), /is gone/],
  ['puts another file there', (path) => replaced(path, () => writeFileSync(path, 'mine')), /another file/],
  ['puts a link there', (path) => replaced(path, () => symlinkSync('/etc/passwd', path)), /symbolic link/],
  ['puts a named pipe there', (path) => replaced(path, () => execFileSync('mkfifo', [path])), /named pipe/],
  ['puts a full folder there', (path) => replaced(path, () => fullFolder(path)), /a folder/],
  ['gives it a second name', (path) => linkSync(path, `${path}.kept`), null],
  ['moves it away', (path) => renameSync(path, `${path}.kept`), /is gone/],
];

const FOLDERS: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
  ['removes its folder', (folder) => rmSync(folder, { recursive: true }), /folder is gone/],
  ['forbids its folder', (folder) => chmodSync(folder, 0), /mode of the folder is 0/],
  ['moves its folder and links there', movedAndLinked, /symbolic link lies in the place of the folder/],
  ['puts a named pipe there', (folder) => replaced(folder, () => execFileSync('mkfifo', [folder])), /named pipe/],
  ['puts another folder there', (folder) => replaced(folder, () => fullFolder(folder)), /another folder/],
  ['removes the whole pool', (folder) => rmSync(dirname(folder), { recursive: true }), /folder is gone/],
  ['moves the whole pool and links there', (folder) => movedAndLinked(dirname(folder)), /symbolic link/],
  ['puts a pipe in the place of the pool', (folder) => replacedByPipe(dirname(folder)), /named pipe/],
];

function replaced(path: string, put: () => void): void {
  rmSync(path, { recursive: true });
  put();
}

function replacedByPipe(path: string): void {
  replaced(path, () => execFileSync('mkfifo', [path]));
}

function fullFolder(path: string): void {
  mkdirSync(path);
  writeFileSync(join(path, 'raw-00.npy'), 'mine');
  mkdirSync(join(path, 'deep'));
  chmodSync(join(path, 'deep'), 0);
}

function movedAndLinked(folder: string): void {
  renameSync(folder, `${folder}.moved`);
  symlinkSync('/etc', folder);
}

describe('what a process does to its segments', () => {
  it.each(FILES)(
    '(%s) is found and mended before its next image, and costs others nothing',
    async (_, damage, told) => {
      const problems: string[] = [];
      const pool = await openPool({ onProblem: ({ message }) => problems.push(message) });
      const [evil, eyes] = [pool.enter('evil@1.0.0'), pool.enter('eyes@1.0.0')];
      for (const images of [evil, eyes]) {
        placed(images, testImage(48, 64)).release();
        placed(images, encodedImage(600)).release();
      }
      damage(rawPath(evil));
      damage(encodedPath(evil));
      for (const [images, seed] of [
        [eyes, 3],
        [evil, 4],
        [evil, 5],
      ] as const) {
        const image = testImage(48, 64, 3, seed);
        placed(images, image).release();
        expect(readNpy(rawPath(images))).toEqual({ shape: [64, 48, 3], data: Buffer.from(image.data) });
        placed(images, encodedImage(500, seed)).release();
        expect(readFileSync(encodedPath(images)).equals(Buffer.alloc(500, seed))).toBe(true);
      }
      if (told === null) expect(problems).toEqual([]);
      else expect(problems.every((message) => message.includes('evil@1.0.0') && told.test(message))).toBe(true);
      expect(problems).toHaveLength(told === null ? 0 : 2);
      expect(readFileSync('/etc/passwd', 'utf8')).toContain('root');
      await pool.close();
      expect(existsSync(pool.folder)).toBe(false);
    },
  );

  it.each(FOLDERS)('(%s) is found and mended, and told once', async (_, damage, told) => {
    const problems: string[] = [];
    const pool = await openPool({ onProblem: ({ message }) => problems.push(message) });
    const [evil, eyes] = [pool.enter('evil@1.0.0'), pool.enter('eyes@1.0.0')];
    for (const images of [evil, eyes]) placed(images, testImage(48, 64)).release();
    for (let times = 0; times < 2; times += 1) {
      damage(evil.folder);
      for (const [images, seed] of [
        [evil, 4],
        [eyes, 3],
      ] as const) {
        const image = testImage(90, 80, 3, seed);
        placed(images, image).release();
        expect(readNpy(rawPath(images)).data.equals(image.data)).toBe(true);
      }
      rmSync(`${evil.folder}.moved`, { recursive: true, force: true });
      rmSync(`${pool.folder}.moved`, { recursive: true, force: true });
    }
    expect(problems.some((message) => told.test(message))).toBe(true);
    expect(new Set(problems).size).toBe(problems.length);
    await pool.close();
    expect(existsSync(pool.folder)).toBe(false);
  });

  it('to what it holds open does not reach the image of another process', async () => {
    const pool = await openPool();
    const [evil, eyes] = [pool.enter('evil@1.0.0'), pool.enter('eyes@1.0.0')];
    placed(evil, testImage(48, 64)).release();
    const image = testImage(48, 64, 3, 9);
    placed(eyes, image);
    writeFileSync(rawPath(evil), new Uint8Array(20_000).fill(0xee), { flag: 'r+' });
    expect(readNpy(rawPath(eyes)).data.equals(image.data)).toBe(true);
  });

  it('while a large image is written ends that image alone, by name', async () => {
    const pool = await openPool();
    const images = pool.enter('evil@1.0.0');
    const large = testImage(2000, 1500);
    const writing = images.place(large) as Promise<unknown>;
    rmSync(images.folder, { recursive: true });
    await writing;
    const again = await images.place(large);
    expect(again.sharedMemId).toBe('raw-00');
    expect(readNpy(rawPath(images)).data.equals(large.data)).toBe(true);
  });

  it('leaves what it put into its folder nowhere, however it forbids that', async () => {
    const pool = await openPool();
    const images = pool.enter('evil@1.0.0');
    fullFolder(join(images.folder, 'nest'));
    symlinkSync('/etc', join(images.folder, 'link'));
    images.close();
    await pool.close();
    expect(existsSync(pool.folder)).toBe(false);
    expect(existsSync('/etc/passwd')).toBe(true);
  });
});
