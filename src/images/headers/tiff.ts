import { imageFault } from '../image-fault.js';

export interface TiffHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample; 1, 2, 4, 8 and 16 are decoded. */
  readonly bits: number;
}

const TAG = { width: 256, height: 257, bits: 258, samplesPerPixel: 277, sampleFormat: 339 } as const;

/** SHORT, LONG and the LONG8 of BigTIFF: all that sizes are written in. */
const SHORT = 3;
const LONG = 4;
const LONG8 = 16;

/** Far beyond what any writer puts into one directory. */
const ENTRIES_MAX = 4096;

const UNSIGNED = 1;

/** The first directory, that is the first page, of a TIFF or BigTIFF in either byte order. */
export function readTiffHeader(bytes: Buffer): TiffHeader {
  const layout = layoutOf(bytes);
  const values = directoryAt(layout, layout.word(layout.isBig ? 8 : 4));
  const [width, height] = [values.get(TAG.width), values.get(TAG.height)];
  if (width === undefined || height === undefined) throw imageFault('this TIFF does not say its size');
  const bits = values.get(TAG.bits) ?? 1;
  if (![1, 2, 4, 8, 16].includes(bits)) throw imageFault(`this TIFF has ${bits} bits per sample; save it with 8 or 16`);
  if ((values.get(TAG.sampleFormat) ?? UNSIGNED) !== UNSIGNED) {
    throw imageFault('this TIFF holds signed or floating-point samples; save it with 8 or 16 bits, unsigned');
  }
  return { width, height, bits };
}

interface Layout {
  readonly bytes: Buffer;
  readonly isBig: boolean;
  readonly short: (at: number) => number;
  readonly long: (at: number) => number;
  /** An offset or a count: four bytes, eight in a BigTIFF. */
  readonly word: (at: number) => number;
}

function layoutOf(bytes: Buffer): Layout {
  const isLittle = bytes[0] === 0x49;
  const within = (at: number, length: number): number => {
    if (at + length > bytes.length) throw imageFault('this TIFF is truncated in its header');
    return at;
  };
  const short = (at: number) => (isLittle ? bytes.readUInt16LE(within(at, 2)) : bytes.readUInt16BE(within(at, 2)));
  const long = (at: number) => (isLittle ? bytes.readUInt32LE(within(at, 4)) : bytes.readUInt32BE(within(at, 4)));
  const longLong = (at: number): number => {
    const value = isLittle ? bytes.readBigUInt64LE(within(at, 8)) : bytes.readBigUInt64BE(within(at, 8));
    return Number(value);
  };
  const isBig = short(2) === 43;
  return { bytes, isBig, short, long, word: isBig ? longLong : long };
}

/** Each tag's first value. */
function directoryAt({ isBig, short, long, word }: Layout, start: number): ReadonlyMap<number, number> {
  const count = isBig ? word(start) : short(start);
  if (count > ENTRIES_MAX) throw imageFault(`this TIFF has a directory of ${count} entries`);
  const values = new Map<number, number>();
  const [entryBytes, first] = isBig ? [20, start + 8] : [12, start + 2];
  for (let i = 0, at = first; i < count; i += 1, at += entryBytes) {
    const [tag, type, length] = [short(at), short(at + 2), word(at + 4)];
    const place = at + (isBig ? 12 : 8);
    const size = type === SHORT ? 2 : type === LONG ? 4 : type === LONG8 ? 8 : null;
    if (size === null || length === 0) continue;
    // What does not fit beside its tag lies elsewhere.
    const from = size * length > (isBig ? 8 : 4) ? word(place) : place;
    if (Object.values(TAG).includes(tag as never)) {
      values.set(tag, type === SHORT ? short(from) : type === LONG ? long(from) : word(from));
    }
  }
  return values;
}
