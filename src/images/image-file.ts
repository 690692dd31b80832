import { namingFile, readImageFile } from './read-image-file.js';
import { probeImage } from './decode.js';
import { readImageHeader } from './headers/image-header.js';
import type { ImageHeader } from './headers/image-header.js';
import type { EncodedImage } from './image.js';
import { limitsOf } from './limits.js';
import type { DecodeLimits } from './limits.js';

/**
 * Reads a PNG or JPEG file for pass-through: only its header is looked at.
 *
 * @throws RunnerError image_load_failed naming the file, for one beyond the limits too
 */
export const readEncodedImageFile = (path: string, limits: DecodeLimits = {}): Promise<EncodedImage> =>
  readingFile(path, limits, (bytes) => ({ ...probeImage(bytes, limits), bytes }));

/**
 * Format and size of an image file of any kind that is decoded, from its header: whether it is worth while to start.
 *
 * @throws RunnerError image_load_failed naming the file
 */
export const probeImageFile = (path: string, limits: DecodeLimits = {}): Promise<ImageHeader> =>
  readingFile(path, limits, readImageHeader);

async function readingFile<T>(path: string, limits: DecodeLimits, read: (bytes: Buffer) => T): Promise<T> {
  const bytes = await readImageFile(path, limitsOf(limits).fileBytesMax);
  try {
    return read(bytes);
  } catch (error) {
    throw namingFile(path, error);
  }
}
