import type { ImageFormat, RawImage } from './image.js';
import { imageFault } from './image-fault.js';
import { decodeJpeg } from './jpeg.js';
import { readJpegHeader } from './jpeg-header.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { DecodeLimits } from './limits.js';
import { decodePng } from './png.js';
import { PNG_SIGNATURE, readPngHeader } from './png-chunks.js';

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

export interface ImageInfo {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * Format and size from the headers alone, for images that are passed through as they are. The content decides, not a
 * file's name. A few microseconds; whether the pixels are sound, only decoding tells.
 *
 * @throws RunnerError image_load_failed
 */
export function probeImage(bytes: Uint8Array): ImageInfo {
  const { format, header } = readHeader(bytes);
  return { format, width: header.width, height: header.height };
}

/**
 * Pixels of a PNG or JPEG: uint8, RGB, or one channel where the file is grey.
 *
 * @throws RunnerError image_load_failed for anything empty, damaged, truncated, unknown or larger than the limits
 */
export function decodeImage(bytes: Uint8Array, limits: DecodeLimits = {}): RawImage {
  const maxPixels = limits.maxPixels ?? DEFAULT_LIMITS.maxPixels;
  const found = readHeader(bytes);
  const { width, height } = found.header;
  if (width * height > maxPixels) {
    throw imageFault(`${width}×${height} pixels are more than the ${maxPixels} that are accepted`);
  }
  return found.format === 'png'
    ? decodePng(asBuffer(bytes), found.header)
    : decodeJpeg(asBuffer(bytes), found.header, maxPixels);
}

function readHeader(bytes: Uint8Array) {
  if (!(bytes instanceof Uint8Array)) throw imageFault('its bytes are not a Uint8Array');
  if (bytes.length === 0) throw imageFault('it is empty');
  const found = sniff(asBuffer(bytes));
  const { width, height } = found.header;
  if (width === 0 || height === 0) throw imageFault(`its header says ${width}×${height} pixels`);
  return found;
}

function sniff(bytes: Buffer) {
  if (startsWith(bytes, PNG_SIGNATURE)) return { format: 'png', header: readPngHeader(bytes) } as const;
  if (startsWith(bytes, JPEG_START)) return { format: 'jpeg', header: readJpegHeader(bytes) } as const;
  throw imageFault(`it is neither PNG nor JPEG; it begins with ${bytes.subarray(0, 8).toString('hex')} (hex)`);
}

const startsWith = (bytes: Buffer, start: Buffer) => bytes.subarray(0, start.length).equals(start);

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
