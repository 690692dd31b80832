import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage, probeImage } from '../../src/images/index.js';
import { SIGNATURE, buildPng, chunk, header } from './support/png-builder.js';
import type { PngSpec } from './support/png-builder.js';
import { refusalOf } from './support/refusal.js';

const [width, height] = [13, 10];

const kinds = (
  [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [3, [1, 2, 4, 8]],
    [4, [8, 16]],
    [6, [8, 16]],
  ] as const
).flatMap(([colorType, depths]) =>
  depths.flatMap((depth) =>
    [true, false].map((interlaced): PngSpec => ({ width, height, colorType, depth, interlaced })),
  ),
);

const NAMES = { 0: 'grey', 2: 'RGB', 3: 'palette', 4: 'grey and alpha', 6: 'RGBA' } as const;

const grey = { width: 4, height: 4, colorType: 0, depth: 8 } as const;
const png = (...chunks: Buffer[]) => Buffer.concat([SIGNATURE, ...chunks]);
const data = (bytes: Uint8Array) => chunk('IDAT', deflateSync(bytes));
const rows = Buffer.alloc(4 * 5);
const end = chunk('IEND');

describe('decoding a PNG', () => {
  it.each(kinds.map((spec) => [NAMES[spec.colorType], spec.depth, spec.interlaced === true, spec] as const))(
    'gives 8-bit grey or RGB for %s, %i bits, interlaced %s; alpha is dropped, not blended',
    async (_name, depth, _interlaced, spec) => {
      const max = 2 ** depth - 1;
      const sample = (x: number, y: number, i: number) => (x * 7919 + y * 104729 + i * 15485863) & max;
      const palette = Buffer.from(Array.from({ length: 3 * 2 ** Math.min(depth, 8) }, (_, i) => (i * 37) & 0xff));
      const extra = spec.colorType === 3 ? [chunk('PLTE', palette)] : [];
      const expected: number[] = [];
      const channels = spec.colorType === 0 || spec.colorType === 4 ? 1 : 3;
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          for (let i = 0; i < channels; i += 1) {
            if (spec.colorType === 3) expected.push(palette[sample(x, y, 0) * 3 + i] ?? -1);
            else expected.push(Math.round((sample(x, y, i) * 255) / max));
          }
        }
      }
      const image = await decodeImage(buildPng(spec, sample, extra));
      expect(image).toMatchObject({ width, height, channels });
      expect([...image.data]).toEqual(expected);
    },
  );

  it.each([true, false])('reads every small size (interlaced %s)', async (interlaced) => {
    for (let size = 0; size < 81; size += 1) {
      const [columns, rows] = [1 + (size % 9), 1 + Math.floor(size / 9)];
      const spec = { width: columns, height: rows, colorType: 0, depth: 1, interlaced } as const;
      const image = await decodeImage(buildPng(spec, (x, y) => (x + y * y) % 2));
      const expected = Array.from(image.data, (_, i) => (((i % columns) + Math.floor(i / columns) ** 2) % 2) * 255);
      expect([...image.data], `${columns}×${rows}`).toEqual(expected);
    }
  });

  it('keeps the colour of pixels that a transparency chunk makes invisible', async () => {
    const spec = { width: 2, height: 1, colorType: 2, depth: 8 } as const;
    const white = Buffer.from([0, 255, 0, 255, 0, 255]);
    const bytes = buildPng(spec, (x) => (x === 0 ? 255 : 9), [chunk('tRNS', white)]);
    expect([...(await decodeImage(bytes)).data]).toEqual([255, 255, 255, 9, 9, 9]);
  });

  it('does not mind comments, nor bytes after the end', async () => {
    const spec = { width: 2, height: 2, colorType: 0, depth: 8 } as const;
    const bytes = buildPng(spec, (x, y) => x + y, [chunk('tEXt', Buffer.from('Comment\0hi'))]);
    const image = await decodeImage(Buffer.concat([bytes, Buffer.from('trailing')]));
    expect([...image.data]).toEqual([0, 1, 1, 2]);
  });

  it.each([true, false])('does not pay for data behind its pixels (interlaced %s)', async (interlaced) => {
    const bomb = chunk('IDAT', deflateSync(Buffer.alloc(256 << 20)));
    const image = await decodeImage(png(header({ ...grey, interlaced }), bomb, end), { decodeMs: 5_000 });
    expect([...image.data]).toEqual(Array(16).fill(0));
  });

  it('knows its size from the header alone', () => {
    const bytes = buildPng({ width: 13, height: 10, colorType: 0, depth: 1 }, () => 1);
    expect(probeImage(bytes.subarray(0, 40))).toEqual({ format: 'png', width: 13, height: 10 });
  });
});

describe('a PNG that is refused as 1002', () => {
  it.each<[string, Buffer, RegExp]>([
    [
      'claims four billion pixels a side',
      png(header({ ...grey, width: 0xffffffff, height: 0xffffffff }), end),
      /more than the/,
    ],
    [
      'claims more pixels than accepted',
      png(header({ ...grey, width: 50_000, height: 1001 }), data(rows), end),
      /more than the 50000000/,
    ],
    ['has no width', png(header({ ...grey, width: 0 }), data(rows), end), /0×4/],
    ['has no height', png(header({ ...grey, height: 0 }), data(rows), end), /4×0/],
    [
      'has two headers, the second larger',
      png(header(grey), header({ ...grey, width: 60_000, height: 60_000 }), data(rows), end),
      /two headers/,
    ],
    [
      'begins with something else than a header',
      png(chunk('IDAT', new Uint8Array(13)), header(grey), end),
      /does not begin/,
    ],
    [
      'has a depth its colour type does not allow',
      png(header({ ...grey, colorType: 2, depth: 4 }), data(rows), end),
      /colour type 2 with 4 bits/,
    ],
    ['has an unknown colour type', png(header({ ...grey, colorType: 5 as never }), data(rows), end), /colour type 5/],
    ['has no image data', png(header(grey), end), /cannot be decoded/],
    ['has too little image data', png(header(grey), data(rows.subarray(0, 12)), end), /cannot be decoded/],
    [
      'has image data that is no zlib stream',
      png(header(grey), chunk('IDAT', Buffer.from('garbage!')), end),
      /cannot be decoded/,
    ],
    [
      'has a palette image without a palette',
      png(header({ ...grey, colorType: 3 }), data(rows), end),
      /cannot be decoded/,
    ],
    [
      'points outside its palette',
      png(
        header({ ...grey, colorType: 3 }),
        chunk('PLTE', rows.subarray(0, 3)),
        data(rows.map((_, i) => (i % 5 === 0 ? 0 : 9))),
        end,
      ),
      /not in its palette/,
    ],
    ['has an unknown critical chunk', png(header(grey), chunk('EVIL'), data(rows), end), /cannot be decoded/],
    [
      'has an unknown filter',
      png(header(grey), data(rows.map((_, i) => (i % 5 === 0 ? 9 : 0))), end),
      /cannot be decoded/,
    ],
    ['has no end', png(header(grey), data(rows)), /truncated/],
    ['has a chunk longer than the file', png(header(grey), Buffer.from('7fffffff49444154', 'hex')), /truncated/],
  ])('%s', async (_, bytes, message) => {
    const error = await refusalOf(decodeImage(bytes));
    expect(error.code).toBe('1002');
    expect(error.message).toMatch(message);
  });

  it('is cut anywhere', async () => {
    const whole = buildPng(grey, (x, y) => x * 16 + y);
    expect((await decodeImage(whole)).data).toHaveLength(16);
    for (let length = 0; length < whole.length; length += 1) {
      expect((await refusalOf(decodeImage(whole.subarray(0, length)))).code, `cut at ${length}`).toBe('1002');
    }
  });

  it('has any one byte wrong, or else it is decoded to the size it says', async () => {
    const whole = buildPng({ ...grey, interlaced: true }, (x, y) => x * 16 + y);
    for (let at = 0; at < whole.length; at += 1) {
      for (const flip of [0x01, 0x20, 0x80]) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        // Every byte of a pixel chunk is under its CRC, so none of these may pass.
        expect((await refusalOf(decodeImage(damaged))).code, `byte ${at} ^ ${flip}`).toBe('1002');
      }
    }
  });
});
