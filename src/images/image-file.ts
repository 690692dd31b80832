import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { RunnerError, toFault } from '../errors/index.js';
import { decodeImage, probeImage } from './decode.js';
import type { EncodedImage, RawImage } from './image.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { DecodeLimits } from './limits.js';

/**
 * Reads and decodes a PNG or JPEG file, by its content whatever its name.
 *
 * @throws RunnerError image_load_failed naming the file
 */
export async function decodeImageFile(path: string, limits: DecodeLimits = {}): Promise<RawImage> {
  const bytes = await readImageFile(path, limits);
  return named(path, () => decodeImage(bytes, limits));
}

/**
 * Reads a PNG or JPEG file for pass-through: only its header is looked at.
 *
 * @throws RunnerError image_load_failed naming the file
 */
export async function readEncodedImageFile(path: string, limits: DecodeLimits = {}): Promise<EncodedImage> {
  const bytes = await readImageFile(path, limits);
  return named(path, () => ({ ...probeImage(bytes), bytes }));
}

async function readImageFile(path: string, limits: DecodeLimits): Promise<Buffer> {
  const maxFileBytes = limits.maxFileBytes ?? DEFAULT_LIMITS.maxFileBytes;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error('it is not a regular file');
      if (stats.size > maxFileBytes) throw new Error(`its ${stats.size} bytes are more than ${maxFileBytes}`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fileFault(path, `The image file ${path} cannot be read: ${reason}.`, error);
  }
}

function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileFault(path, `${path}: ${toFault(error).message}`, error);
  }
}

const fileFault = (path: string, message: string, cause: unknown) =>
  new RunnerError('image_load_failed', message, { details: { path }, cause });
