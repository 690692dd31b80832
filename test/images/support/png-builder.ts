import { crc32, deflateSync } from 'node:zlib';

export const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** A chunk with its right CRC. */
export function chunk(type: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

export interface PngSpec {
  readonly width: number;
  readonly height: number;
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
}

export function header({ width, height, colorType, depth, interlaced }: PngSpec): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colorType, 0, 0, interlaced === true ? 1 : 0], 8);
  return chunk('IHDR', data);
}

const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** First column and row, and their steps, of the seven passes of Adam7. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A PNG of unfiltered rows; `sample(x, y, i)` is the i-th sample of a pixel, in the depth of the file. */
export function buildPng(
  spec: PngSpec,
  sample: (x: number, y: number, i: number) => number,
  extra: readonly Buffer[] = [],
): Buffer {
  const passes = spec.interlaced === true ? PASSES : ([[0, 0, 1, 1]] as const);
  const rows: Buffer[] = [];
  for (const [x0, y0, dx, dy] of passes) {
    for (let y = y0; y < spec.height && x0 < spec.width; y += dy) {
      let bits = '';
      for (let x = x0; x < spec.width; x += dx) {
        for (let i = 0; i < SAMPLES[spec.colorType]; i += 1)
          bits += sample(x, y, i).toString(2).padStart(spec.depth, '0');
      }
      const octets = bits.match(/.{1,8}/g) ?? [];
      rows.push(Buffer.from([0, ...octets.map((octet) => parseInt(octet.padEnd(8, '0'), 2))]));
    }
  }
  return Buffer.concat([
    SIGNATURE,
    header(spec),
    ...extra,
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND'),
  ]);
}
