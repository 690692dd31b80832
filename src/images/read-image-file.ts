import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { RunnerError, toFault } from '../base/errors/index.js';
import { imageFault } from './image-fault.js';
import { assertBytesWithin } from './within-limits.js';

/**
 * The bytes of a regular file. Pipes, devices and folders are refused without waiting for them, and so is what is larger
 * than accepted, before any of it is read; a file that grows meanwhile is read as far as it went.
 *
 * @throws RunnerError image_load_failed naming the file
 */
export async function readImageFile(path: string, fileBytesMax: number): Promise<Buffer> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw imageFault('it is not a regular file');
      assertBytesWithin(stats.size, { fileBytesMax });
      return await readAll(file, stats.size);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw namingFile(path, error);
  }
}

/** One buffer of the right size: `readFile` reads into one and copies it into another. */
async function readAll(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/** The same failure with the file in front; what the file system says of it is 1002, too. */
export function namingFile(path: string, error: unknown): RunnerError {
  if (!(error instanceof RunnerError)) {
    const message = toFault(error).message.replace(/\.$/, '');
    return new RunnerError('image_load_failed', `The image file ${path} cannot be read: ${message}.`, {
      details: { path },
      cause: error,
    });
  }
  const { faultName, message, hint, details } = error;
  if (faultName !== 'image_load_failed' || 'path' in details) return error;
  return new RunnerError(faultName, `${path}: ${message}`, { hint, details: { ...details, path }, cause: error });
}
