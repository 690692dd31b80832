import type { Shape } from './image.js';

/** Bytes before the pixels in a raw segment, for every shape, so that the pixels never move. */
export const NPY_HEADER_BYTES = 128;

/** Magic, version 1.0 and a little-endian length, as in the NPY format; the dictionary fills the rest. */
const PREAMBLE_BYTES = 10;

/**
 * The NPY 1.0 header of C-ordered uint8 pixels, H×W×3 or H×W.
 *
 * NumPy reads as many bytes as the shape says, so a segment may be longer than its image.
 */
export function npyHeader({ width, height, channels }: Shape): Uint8Array {
  const shape = channels === 1 ? `(${height}, ${width})` : `(${height}, ${width}, ${channels})`;
  const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = NPY_HEADER_BYTES - PREAMBLE_BYTES;
  const header = Buffer.alloc(NPY_HEADER_BYTES);
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, PREAMBLE_BYTES - 2);
  header.write(`${dictionary.padEnd(length - 1)}\n`, PREAMBLE_BYTES, 'latin1');
  return header;
}
