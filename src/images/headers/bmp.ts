import { imageFault } from '../image-fault.js';

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** The first row is the top one; as a rule it is the bottom one. */
  readonly isTopDown: boolean;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** Which bits of a pixel are red, green and blue, where 16 or 32 bits make one. */
  readonly masks: readonly [red: number, green: number, blue: number] | null;
  /** Blue, green, red (and a byte without meaning) for each colour; empty where pixels are colours themselves. */
  readonly palette: Buffer;
  readonly paletteEntryBytes: 3 | 4;
  /** Where the rows begin, and the bytes from one to the next. */
  readonly dataOffset: number;
  readonly rowBytes: number;
}

const FILE_HEADER_BYTES = 14;
const CORE = 12;
const INFO = 40;

/** Lengths of the headers since OS/2 1, Windows 3, with masks, with alpha, version 4 and version 5. */
const HEADER_LENGTHS = [CORE, INFO, 52, 56, 108, 124];

const RGB = 0;
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;
const COMPRESSIONS: Readonly<Record<number, string>> = { 1: 'run lengths', 2: 'run lengths', 4: 'JPEG', 5: 'PNG' };

/** @throws RunnerError image_load_failed */
export function readBmpHeader(bytes: Buffer): BmpHeader {
  if (bytes.length < FILE_HEADER_BYTES + CORE) throw imageFault('this BMP is truncated in its header');
  const length = bytes.readUInt32LE(14);
  if (!HEADER_LENGTHS.includes(length))
    throw imageFault(`this BMP has a header of ${length} bytes, which is not known`);
  if (bytes.length < FILE_HEADER_BYTES + length) throw imageFault('this BMP is truncated in its header');
  const isCore = length === CORE;
  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  if (width < 0) throw imageFault(`its header says ${width}×${signedHeight} pixels`);
  const bits = bitsOf(bytes.readUInt16LE(isCore ? 24 : 28));
  const compression = isCore ? RGB : bytes.readUInt32LE(30);
  const isMasked = compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS;
  if (compression !== RGB && !(isMasked && (bits === 16 || bits === 32))) {
    throw imageFault(`this BMP is compressed (${COMPRESSIONS[compression] ?? compression}); save it uncompressed`);
  }
  const masksBehind = isMasked && length === INFO ? (compression === ALPHA_BIT_FIELDS ? 16 : 12) : 0;
  const dataOffset = bytes.readUInt32LE(10);
  if (dataOffset < FILE_HEADER_BYTES + length + masksBehind) {
    throw imageFault('this BMP says that its pixels lie within its header');
  }
  const colorsUsed = isCore ? 0 : bytes.readUInt32LE(46);
  const paletteEntryBytes = isCore ? 3 : 4;
  const palette = bits > 8 ? Buffer.alloc(0) : paletteAt(FILE_HEADER_BYTES + length + masksBehind);
  return {
    width,
    height: Math.abs(signedHeight),
    isTopDown: signedHeight < 0,
    bits,
    masks: isMasked ? masksAt() : MASKS[bits],
    palette,
    paletteEntryBytes,
    dataOffset,
    rowBytes: Math.ceil((width * bits) / 32) * 4,
  };

  function paletteAt(start: number): Buffer {
    const entries = colorsUsed === 0 ? 2 ** bits : Math.min(colorsUsed, 2 ** bits);
    const end = start + entries * paletteEntryBytes;
    if (end > bytes.length) throw imageFault('this BMP is truncated in its palette');
    return bytes.subarray(start, end);
  }

  function masksAt(): readonly [number, number, number] {
    const at = FILE_HEADER_BYTES + INFO;
    if (bytes.length < at + 12) throw imageFault('this BMP is truncated in its header');
    return [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
  }
}

/** What a pixel's bits mean when the file does not say. */
const MASKS: Readonly<Record<BmpHeader['bits'], BmpHeader['masks']>> = {
  1: null,
  4: null,
  8: null,
  16: [0x7c00, 0x03e0, 0x001f],
  24: null,
  32: [0x00ff0000, 0x0000ff00, 0x000000ff],
};

function bitsOf(bits: number): BmpHeader['bits'] {
  if (bits in MASKS) return bits as BmpHeader['bits'];
  throw imageFault(`this BMP has ${bits} bits per pixel, which the format does not know`);
}
