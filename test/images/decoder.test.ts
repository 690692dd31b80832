import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  openSync,
  closeSync,
  ftruncateSync,
  readdirSync,
  readFileSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ImageDecoder } from '../../src/images/index.js';
import { eventually } from '../support/eventually.js';
import { buildPng, chunk } from './support/png-builder.js';
import { refusalOf } from './support/refusal.js';

const small = fileURLToPath(new URL('./fixtures/jpeg-420.jpg', import.meta.url));
/** Kept from test to test. */
const folder = mkdtempSync(join(tmpdir(), 'procvision-decoder-'));
const large = join(folder, 'large.jpg');

afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const create = { width: 2000, height: 1500, channels: 3, background: 'black', noise } as const;
  await sharp({ create }).jpeg({ progressive: true }).toFile(large);
});

const opened: ImageDecoder[] = [];
const open = (options: ConstructorParameters<typeof ImageDecoder>[0] = {}) => {
  const decoder = new ImageDecoder(options);
  opened.push(decoder);
  return decoder;
};
afterEach(() => {
  for (const decoder of opened.splice(0)) decoder.close();
});

/** Decoder processes of a process: this one's children that run the program. */
function decodersOf(osPid: number): number[] {
  const children = readFileSync(`/proc/${osPid}/task/${osPid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map(Number).filter((child) => commandOf(child).includes('decoder-program'));
}

function commandOf(osPid: number): string {
  try {
    return readFileSync(`/proc/${osPid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const kill = () => decodersOf(process.pid).map((osPid) => process.kill(osPid, 'SIGKILL'));

describe('a decoder process', () => {
  it('starts with the first image, not before, and serves the next', async () => {
    const decoder = open({ decoders: 1 });
    expect(decodersOf(process.pid)).toEqual([]);
    await decoder.decodeFile(small);
    const [first] = decodersOf(process.pid);
    await decoder.decodeFile(small);
    expect(decodersOf(process.pid)).toEqual([first]);
  });

  it('that is lost costs no image: it is decoded by the next', async () => {
    const decoder = open({ decoders: 1 });
    await decoder.decodeFile(small);
    const decoding = decoder.decodeFile(large);
    kill();
    expect((await decoding).width).toBe(2000);
  });

  it('is ended by an image that takes longer than it may, which is 1002 with the setting; the next image is decoded', async () => {
    const decoder = open({ decoders: 1, decodeMs: 5 });
    const refused = await refusalOf(decoder.decodeFile(large));
    expect(refused).toMatchObject({ code: '1002', details: { setting: 'images.decodeMs', path: large } });
    expect(refused.hint).toContain('images.decodeMs');
    const patient = await decoder.decodeFile(small, {}, { decodeMs: 20_000 });
    expect(patient.width).toBe(23);
  });

  it('never outnumbers the limit, however many images come', async () => {
    const decoder = open({ decoders: 2 });
    const most = { count: 0 };
    const all = Array.from({ length: 12 }, async () => {
      const { width } = await decoder.decodeFile(small);
      most.count = Math.max(most.count, decodersOf(process.pid).length);
      return width;
    });
    expect(new Set(await Promise.all(all))).toEqual(new Set([23]));
    expect(most.count).toBeLessThanOrEqual(2);
  });

  it('is gone after close, and what waited is refused', async () => {
    const decoder = open({ decoders: 1 });
    const waiting = [decoder.decodeFile(large), decoder.decodeFile(small)].map(refusalOf);
    decoder.close();
    for (const refused of await Promise.all(waiting)) expect(refused.code).toBe('3021');
    await eventually(() => expect(decodersOf(process.pid)).toEqual([]));
    expect((await refusalOf(decoder.decodeFile(small))).code).toBe('3021');
  });

  it('lets an image go whose caller gave it up', async () => {
    const decoder = open({ decoders: 1 });
    const gaveUp = new AbortController();
    const first = decoder.decodeFile(large);
    const second = refusalOf(decoder.decodeFile(small, { signal: gaveUp.signal }));
    gaveUp.abort();
    expect((await second).code).toBe('3008');
    expect((await first).width).toBe(2000);
  });

  it('does not outlive a host that is killed', async () => {
    const index = new URL('../../dist/src/images/index.js', import.meta.url);
    const program = `import { decodeImageFile } from ${JSON.stringify(index.href)}; await decodeImageFile(${JSON.stringify(small)}); console.log('decoded'); setInterval(() => 0, 1000);`;
    const host = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(host.stdout, 'data');
    const [decoder = 0] = decodersOf(host.pid ?? 0);
    expect(commandOf(decoder)).toContain('decoder-program');
    host.kill('SIGKILL');
    await eventually(() => expect(commandOf(decoder)).toBe(''));
  });

  it('leaves no file and no descriptor behind', async () => {
    const named = () => readdirSync('/dev/shm').filter((name) => name.startsWith('procvision-scratch'));
    const before = readdirSync('/proc/self/fd').length;
    const decoder = open({ decoders: 2 });
    await Promise.all([decoder.decodeFile(small), decoder.decodeFile(large)]);
    expect(named()).toEqual([]);
    decoder.close();
    await eventually(() => expect(readdirSync('/proc/self/fd')).toHaveLength(before));
  });
});

describe('an image that would cost more than it may', () => {
  it('is refused by its pixels, with a hint that names the setting', async () => {
    const refused = await refusalOf(open().decodeFile(large, {}, { pixelsMax: 2_999_999 }));
    expect(refused).toMatchObject({ code: '1002', details: { setting: 'images.pixelsMax', limit: 2_999_999 } });
    expect(refused.hint).toContain('`images.pixelsMax` (now 2999999)');
  });

  it('is refused by either side alone: a column of fifty million grey pixels is 97 KB of PNG', async () => {
    const column = join(folder, 'column.png');
    const head = Buffer.alloc(13);
    head.set([0, 0, 0, 1, 0x02, 0xfa, 0xf0, 0x80, 8, 0, 0, 0, 0]);
    writeFileSync(column, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IEND')]));
    const refused = await refusalOf(open().decodeFile(column));
    expect(refused).toMatchObject({ code: '1002', details: { setting: 'images.sideMax' } });
  });

  it('is refused by the size of its file, before any of it is read: 100 GB of nothing', async () => {
    const sparse = join(folder, 'sparse.png');
    const file = openSync(sparse, 'w');
    ftruncateSync(file, 100e9);
    closeSync(file);
    const refused = await refusalOf(open().decodeFile(sparse));
    expect(refused).toMatchObject({ code: '1002', details: { setting: 'images.fileBytesMax' } });
  });

  it.each([
    ['a link to a device', () => symlinkSync('/dev/zero', join(folder, 'zero.png')), 'zero.png'],
    ['a named pipe', () => spawnSync('mkfifo', [join(folder, 'pipe.png')]), 'pipe.png'],
  ])('is refused, not waited for, when it is %s', async (_, make, name) => {
    make();
    expect((await refusalOf(open().decodeFile(join(folder, name)))).message).toContain('not a regular file');
  });

  it.each(['iTXt', 'zTXt', 'iCCP', 'aaAa'])('does not pay for what its %s chunks inflate to', async (type) => {
    const flood = Array.from({ length: 50_000 }, () => chunk(type, Buffer.from('x\0\0garbage')));
    const png = buildPng({ width: 4, height: 4, colorType: 0, depth: 8 }, (x, y) => x + y, flood);
    expect((await open().decodeBytes(png)).data).toHaveLength(16);
  });
});
