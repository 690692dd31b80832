import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, probeImage } from '../../src/images/index.js';
import { RunnerError } from '../../src/base/errors/index.js';
import { refusalOf } from './support/refusal.js';

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)));

const QUADRANTS = [
  [200, 40, 40],
  [40, 200, 40],
  [40, 40, 200],
  [220, 220, 220],
] as const;

/** The middle pixels of the four quadrants of a 32×24 image. */
function middles({ data, channels, width }: { data: Uint8Array; channels: number; width: number }) {
  return [
    [8, 6],
    [24, 6],
    [8, 18],
    [24, 18],
  ].map(([x = 0, y = 0]) => [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)]);
}

const solidJpeg = (width: number, height: number, [r, g, b]: readonly number[]): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4', optimiseCoding: false })
    .toBuffer();

const expectNear = (actual: number[][], expected: readonly (readonly number[])[]) => {
  for (const [q, pixel] of actual.entries()) {
    for (const [c, value] of pixel.entries()) expect(Math.abs(value - (expected[q]?.[c] ?? -1))).toBeLessThan(8);
  }
};

describe('decoding a JPEG', () => {
  it.each(['progressive.jpg', 'subsampled.jpg'])('gives RGB for %s', async (name) => {
    const image = await decodeImage(fixture(name));
    expect(image).toMatchObject({ width: 32, height: 24, channels: 3 });
    expect(image.data).toHaveLength(32 * 24 * 3);
    expectNear(middles(image), QUADRANTS);
  });

  it('gives one channel for a grey file', async () => {
    const image = await decodeImage(fixture('grey.jpg'));
    expect(image).toMatchObject({ width: 32, height: 24, channels: 1 });
    expectNear(middles(image), [[10], [90], [170], [250]]);
  });

  it('takes the components as RGB when Adobe says that they are', async () => {
    const stored = await solidJpeg(16, 16, [200, 40, 40]);
    const adobe = Buffer.from('ffee000e41646f626500640000000000', 'hex'); // transform 0
    const image = await decodeImage(Buffer.concat([stored.subarray(0, 2), adobe, stored.subarray(2)]));
    expectNear([[...image.data.subarray(0, 3)]], [[88, 101, 208]]); // Y, Cb, Cr of that red
  });

  it('reads one of the largest size that is accepted, without subsampling', async () => {
    const image = await decodeImage(await solidJpeg(1000, 800, [10, 20, 30]), { pixelsMax: 800_000 });
    expect(image.data).toHaveLength(2_400_000);
  });

  it('does not mind bytes after the end', async () => {
    const padded = Buffer.concat([fixture('grey.jpg'), Buffer.alloc(100)]);
    expect((await decodeImage(padded)).width).toBe(32);
  });

  it('knows its size from the header alone', () => {
    const bytes = fixture('progressive.jpg');
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
    expect(probeImage(bytes.subarray(0, scan + 16))).toEqual({ format: 'jpeg', width: 32, height: 24 });
  });
});

describe('a JPEG that is refused as 1002', async () => {
  const whole = await solidJpeg(24, 16, [1, 2, 3]);
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 7) >> 3));
  const noisy = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
  const frame = whole.indexOf(Buffer.from([0xff, 0xc0]));
  const tables = whole.indexOf(Buffer.from([0xff, 0xdb]));
  const changed = (offset: number, ...bytes: number[]) => {
    const copy = Buffer.from(whole);
    copy.set(bytes, frame + offset);
    return copy;
  };
  const withHeader = (bytes: Buffer) => Buffer.concat([whole.subarray(0, 2), bytes, whole.subarray(2)]);
  const scan = whole.indexOf(Buffer.from([0xff, 0xda]));
  const manyScans = Buffer.concat([
    whole.subarray(0, -2),
    ...Array<Buffer>(200).fill(whole.subarray(scan, -2)),
    whole.subarray(-2),
  ]);

  it.each<[string, Buffer, RegExp]>([
    ['claims more pixels than accepted', changed(5, 0xff, 0xff, 0xff, 0xff), /65535×65535 pixels are more than/],
    ['has no height', changed(5, 0, 0), /24×0/],
    ['has no width', changed(7, 0, 0), /0×16/],
    ['has 12 bits per sample', changed(4, 12), /12 bits per sample/],
    ['is arithmetically coded', changed(1, 0xc9), /arithmetically coded/],
    ['is lossless', changed(1, 0xc3), /lossless/],
    ['has a header of fill bytes', withHeader(Buffer.alloc(70_000, 0xff)), /more than 65536 fill bytes/],
    ['has a header of empty segments', withHeader(Buffer.alloc(40_000, 'ffe00002', 'hex')), /more than 4096 segments/],
    ['has no frame header', Buffer.concat([whole.subarray(0, frame), whole.subarray(scan)]), /no frame header/],
    ['has nothing between start and end', Buffer.from('ffd8ffd90000', 'hex'), /damaged|no frame header/],
    ['has a segment of impossible length', Buffer.from('ffd8ffe00001', 'hex'), /damaged/],
    [
      'has text where a marker belongs',
      Buffer.concat([whole.subarray(0, frame), Buffer.from('oops'), whole.subarray(frame)]),
      /damaged/,
    ],
    [
      'ends in the midst of its pixels',
      Buffer.concat([noisy.subarray(0, noisy.length * 0.6), whole.subarray(-2)]),
      /cannot be decoded/,
    ],
    ['has hundreds of scans', manyScans, /201 scans/],
    [
      'has no quantisation tables',
      Buffer.concat([whole.subarray(0, tables), whole.subarray(frame)]),
      /cannot be decoded/,
    ],
  ])('%s', async (_, bytes, message) => {
    const error = await refusalOf(decodeImage(bytes));
    expect(error.code).toBe('1002');
    expect(error.message).toMatch(message);
  });

  it.each(['grey.jpg', 'progressive.jpg'])('is %s cut anywhere', async (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.length; length += 1) {
      expect((await refusalOf(decodeImage(bytes.subarray(0, length)))).code, `cut at ${length}`).toBe('1002');
    }
  });

  it('has any one byte wrong, or else it is decoded to the size it says', async () => {
    const bytes = fixture('progressive.jpg');
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
      try {
        const { width, height, channels, data } = await decodeImage(damaged, { pixelsMax: 100_000 });
        expect(data.length, `byte ${at}`).toBe(width * height * channels);
      } catch (error) {
        if (!(error instanceof RunnerError)) throw error;
        expect(error.code, `byte ${at}`).toBe('1002');
      }
    }
  });
});
