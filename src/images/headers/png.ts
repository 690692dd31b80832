import { imageFault } from '../image-fault.js';

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** Sample depths each colour type may have (PNG specification, IHDR). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

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
