import { imageFault } from '../image-fault.js';
import { readBmpHeader } from './bmp.js';
import { readJpegHeader } from './jpeg.js';
import { otherFormat } from './other-formats.js';
import { PNG_SIGNATURE, readPngHeader } from './png.js';
import { readTiffHeader } from './tiff.js';
import { readWebpHeader } from './webp.js';

/** Formats of files that are decoded. */
export type FileFormat = 'png' | 'jpeg' | 'tiff' | 'bmp' | 'webp';

/** What a file's header says of it, before anything is decoded. */
export interface ImageHeader {
  readonly format: FileFormat;
  /** In pixels, at least 1. */
  readonly width: number;
  readonly height: number;
}

/**
 * INVARIANTS of the header readers
 * - The content decides, never a file's name.
 * - They are given whole files of unknown origin: no read beyond the end, no loop that does not move on, nothing
 *   allocated by what a header claims.
 *
 * @throws RunnerError image_load_failed
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (!(bytes instanceof Uint8Array)) throw imageFault('its bytes are not a Uint8Array');
  if (bytes.length === 0) throw imageFault('it is empty');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = READERS.find(({ starts }) => starts.some((start) => buffer.subarray(0, start.length).equals(start)));
  if (reader === undefined) throw imageFault(notKnown(buffer));
  const { width, height } = reader.read(buffer);
  if (width === 0 || height === 0) throw imageFault(`its header says ${width}×${height} pixels`);
  return { format: reader.format, width, height };
}

interface Reader {
  readonly format: FileFormat;
  readonly starts: readonly Buffer[];
  read(bytes: Buffer): { readonly width: number; readonly height: number };
}

const READERS: readonly Reader[] = [
  { format: 'png', starts: [PNG_SIGNATURE], read: readPngHeader },
  { format: 'jpeg', starts: [Buffer.from('ffd8ff', 'hex')], read: readJpegHeader },
  {
    format: 'tiff',
    starts: ['49492a00', '4d4d002a', '49492b00', '4d4d002b'].map((start) => Buffer.from(start, 'hex')),
    read: readTiffHeader,
  },
  { format: 'bmp', starts: [Buffer.from('BM')], read: readBmpHeader },
  { format: 'webp', starts: [Buffer.from('RIFF')], read: readWebpHeader },
];

function notKnown(bytes: Buffer): string {
  const known = otherFormat(bytes);
  if (known !== null) return `it is ${known}; PNG, JPEG, TIFF, BMP and WebP are read`;
  return `it is none of PNG, JPEG, TIFF, BMP and WebP; it begins with ${bytes.subarray(0, 8).toString('hex')} (hex)`;
}
