import type { RawImage } from './image.js';
import { imageFault } from './image-fault.js';
import { readBmpHeader } from './headers/bmp.js';
import type { BmpHeader } from './headers/bmp.js';

/**
 * Uncompressed BMP of every depth, as RGB; one channel where the palette is grey, as cameras write it. A fourth byte is
 * dropped.
 *
 * @throws RunnerError image_load_failed
 */
export function decodeBmp(bytes: Buffer): RawImage {
  const header = readBmpHeader(bytes);
  const { width, height, bits, rowBytes, dataOffset, isTopDown } = header;
  // The last row may come without its padding.
  const needed = dataOffset + (height - 1) * rowBytes + Math.ceil((width * bits) / 8);
  if (needed > bytes.length)
    throw imageFault(`this BMP is truncated: ${needed} bytes are needed, ${bytes.length} there`);
  const isGrey = bits <= 8 && isGreyPalette(header);
  const channels = isGrey ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  const copyRow = bits <= 8 ? indexedRow(header, channels) : bits === 24 ? triples : maskedRow(header);
  for (let y = 0; y < height; y += 1) {
    const from = dataOffset + (isTopDown ? y : height - 1 - y) * rowBytes;
    copyRow(bytes, from, data, y * width * channels, width);
  }
  return { width, height, channels, data };
}

type CopyRow = (bytes: Buffer, from: number, data: Uint8Array, to: number, width: number) => void;

/** The bytes of a palette are blue, green, red. */
function isGreyPalette({ palette, paletteEntryBytes: step }: BmpHeader): boolean {
  for (let i = 0; i + 2 < palette.length; i += step) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  }
  return true;
}

function indexedRow({ bits, palette, paletteEntryBytes: step }: BmpHeader, channels: 1 | 3): CopyRow {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (bytes, from, data, start, width) => {
    for (let x = 0, to = start; x < width; x += 1, to += channels) {
      const shift = 8 - bits * ((x % perByte) + 1);
      const color = (((bytes[from + Math.floor(x / perByte)] as number) >> shift) & mask) * step;
      if (color >= palette.length) throw imageFault('this BMP points outside its palette');
      data[to] = palette[color + channels - 1] as number;
      if (channels === 1) continue;
      data[to + 1] = palette[color + 1] as number;
      data[to + 2] = palette[color] as number;
    }
  };
}

const triples: CopyRow = (bytes, start, data, to, width) => {
  for (let from = start, at = to; at < to + width * 3; from += 3, at += 3) {
    data[at] = bytes[from + 2] as number;
    data[at + 1] = bytes[from + 1] as number;
    data[at + 2] = bytes[from] as number;
  }
};

function maskedRow({ bits, masks }: BmpHeader): CopyRow {
  const [red, green, blue] = (masks ?? [0, 0, 0]).map(fieldOf) as [Field, Field, Field];
  const pixelBytes = bits / 8;
  return (bytes, start, data, to, width) => {
    for (let from = start, at = to; at < to + width * 3; from += pixelBytes, at += 3) {
      const pixel = bits === 16 ? bytes.readUInt16LE(from) : bytes.readUInt32LE(from);
      data[at] = Math.round(((pixel & red.mask) >>> red.shift) * red.scale);
      data[at + 1] = Math.round(((pixel & green.mask) >>> green.shift) * green.scale);
      data[at + 2] = Math.round(((pixel & blue.mask) >>> blue.shift) * blue.scale);
    }
  };
}

interface Field {
  readonly mask: number;
  readonly shift: number;
  readonly scale: number;
}

/** A field of n bits is stretched to 8: its greatest value is 255. */
function fieldOf(mask: number): Field {
  if (mask === 0) return { mask, shift: 0, scale: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  const greatest = mask >>> shift;
  if ((greatest & (greatest + 1)) !== 0) throw imageFault('this BMP has colour masks with gaps');
  return { mask, shift, scale: 255 / greatest };
}
