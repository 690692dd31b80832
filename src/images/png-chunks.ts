import { imageFault } from './image-fault.js';

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

export interface PngChunk {
  readonly type: string;
  /** All of it: length, type, data and CRC. */
  readonly chunk: Buffer;
}

/** Sample depths each colour type may have (PNG specification, IHDR). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The seven passes of an interlaced image: first column and row, and the steps between them. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const IHDR_BYTES = 13;

/** The first chunk: size and pixel format. @throws RunnerError image_load_failed */
export function readPngHeader(bytes: Buffer): PngHeader {
  const data = PNG_SIGNATURE.length + 8;
  if (bytes.length < data + IHDR_BYTES) throw imageFault('this PNG is truncated in its header');
  if (bytes.readUInt32BE(data - 8) !== IHDR_BYTES || bytes.toString('latin1', data - 4, data) !== 'IHDR') {
    throw imageFault('this PNG does not begin with a header chunk');
  }
  const [depth = 0, colorType = 0] = bytes.subarray(data + 8, data + 10);
  if (!DEPTHS[colorType]?.includes(depth)) {
    throw imageFault(`this PNG has colour type ${colorType} with ${depth} bits, which the format does not know`);
  }
  const interlaced = bytes[data + 12] === 1;
  return { width: bytes.readUInt32BE(data), height: bytes.readUInt32BE(data + 4), depth, colorType, interlaced };
}

/**
 * The chunks that make the pixels: header, palette, image data, end. Comments and transparency go, a second header
 * (which could claim another size than the one that was checked) is refused, and what follows the end is ignored.
 */
export function pngPixelChunks(bytes: Buffer): PngChunk[] {
  const kept: PngChunk[] = [];
  for (let offset = PNG_SIGNATURE.length; ;) {
    if (offset + 12 > bytes.length) throw imageFault('this PNG is truncated');
    const end = offset + 12 + bytes.readUInt32BE(offset);
    if (end > bytes.length) throw imageFault('this PNG is truncated');
    const type = bytes.toString('latin1', offset + 4, offset + 8);
    const critical = ((bytes[offset + 4] ?? 0) & 0x20) === 0;
    if (type === 'IHDR' && kept.length > 0) throw imageFault('this PNG has two headers');
    if (critical) kept.push({ type, chunk: bytes.subarray(offset, end) });
    if (type === 'IEND') return kept;
    offset = end;
  }
}

/** How long the image data is once inflated: rows padded to whole bytes, each behind a byte that names its filter. */
export function pngDataLength({ width, height, depth, colorType, interlaced }: PngHeader): number {
  const bits = depth * (SAMPLES[colorType] ?? 0);
  const passes = interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  return passes.reduce((length, [x, y, dx, dy]) => {
    const [columns, rows] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    return columns > 0 && rows > 0 ? length + rows * (1 + Math.ceil((columns * bits) / 8)) : length;
  }, 0);
}
