/**
 * The chunks of a PNG that make its pixels, as a PNG of its own for the decoder.
 *
 * INVARIANTS
 * - Header, palette, image data and end are kept, each with its CRC proved. Comments, profiles and transparency go: a few
 *   bytes of them inflate to gigabytes.
 * - A second header, which could claim another size than the one that was checked, is refused; what follows the end is
 *   ignored.
 */
import { crc32 } from 'node:zlib';
import { PNG_SIGNATURE, readPngHeader } from './headers/png.js';
import { imageFault } from './image-fault.js';

const PALETTE = 3;

export interface PngPixels {
  readonly bytes: Buffer;
  /** Pixels of a colour that the palette does not have come out transparent, all others opaque. */
  readonly marksUnknown: boolean;
}

/** @throws RunnerError image_load_failed */
export function pngPixelChunks(bytes: Buffer): PngPixels {
  const { depth, colorType } = readPngHeader(bytes);
  const colors = colorType === PALETTE ? 2 ** depth : 0;
  // Room for a palette that is filled up.
  const kept = Buffer.allocUnsafe(bytes.length + colors * 4 + 24);
  let length = bytes.copy(kept, 0, 0, PNG_SIGNATURE.length);
  let marksUnknown = false;
  for (let offset = PNG_SIGNATURE.length; ;) {
    const chunk = chunkAt(bytes, offset);
    const type = chunk.toString('latin1', 4, 8);
    const isCritical = ((chunk[4] ?? 0) & 0x20) === 0;
    if (type === 'IHDR' && offset > PNG_SIGNATURE.length) throw imageFault('this PNG has two headers');
    if (isCritical && crc32(chunk.subarray(4, -4)) !== chunk.readUInt32BE(chunk.length - 4)) {
      throw imageFault(`this PNG cannot be decoded: the check sum of its ${type} chunk is wrong`);
    }
    if (type === 'PLTE' && chunk.length - 12 < colors * 3) {
      marksUnknown = true;
      length += filledUp(chunk, colors).copy(kept, length);
    } else if (isCritical) length += chunk.copy(kept, length);
    if (type === 'IEND') return { bytes: kept.subarray(0, length), marksUnknown };
    offset += chunk.length;
  }
}

/** All of it: length, type, data and CRC. */
function chunkAt(bytes: Buffer, offset: number): Buffer {
  if (offset + 12 > bytes.length) throw imageFault('this PNG is truncated');
  const end = offset + 12 + bytes.readUInt32BE(offset);
  if (end > bytes.length) throw imageFault('this PNG is truncated');
  return bytes.subarray(offset, end);
}

/** A palette with every colour that a pixel can name; those that were missing are transparent. */
function filledUp(palette: Buffer, colors: number): Buffer {
  const given = palette.subarray(8, -4);
  const all = Buffer.concat([given, Buffer.alloc(colors * 3 - given.length)]);
  const alphas = Buffer.alloc(colors).fill(255, 0, Math.floor(given.length / 3));
  return Buffer.concat([chunkOf('PLTE', all), chunkOf('tRNS', alphas)]);
}

function chunkOf(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}
