import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { RunnerError } from '../errors/index.js';

/**
 * Opens ordinary files, and nothing else, wherever others may have laid something into a place of ours.
 *
 * INVARIANTS
 * - No open waits: a named pipe without a peer, a terminal or a device is opened without blocking, then refused.
 * - A link in the file's own place is not followed.
 */
export const REFUSING_FLAGS = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** @returns a descriptor @throws RunnerError store_io_failed naming what lies there or what the system says */
export function openRegularSync(path: string, flags: number, mode = 0o640): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, flags | REFUSING_FLAGS, mode);
  } catch (error) {
    throw openFailure(path, error);
  }
  try {
    requireRegular(path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * Opens for reading.
 *
 * @param links `follow`: a person named the file
 * @throws RunnerError as openRegularSync
 */
export async function openRegular(path: string, links: 'refuse' | 'follow' = 'refuse'): Promise<FileHandle> {
  const follow = links === 'follow' ? constants.O_NONBLOCK : REFUSING_FLAGS;
  const handle = await open(path, constants.O_RDONLY | follow).catch((error: unknown) => {
    throw openFailure(path, error);
  });
  try {
    requireRegular(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A whole file of a sensible size. @throws RunnerError as openRegularSync; store_corrupt when it is larger */
export async function readRegular(path: string, bytesMax: number): Promise<Buffer> {
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    if (size > bytesMax) throw new RunnerError('store_corrupt', `${path} has ${size} bytes, more than ${bytesMax}.`);
    const bytes = Buffer.alloc(size);
    let used = 0;
    while (used < size) {
      const { bytesRead } = await handle.read(bytes, used, size - used, used);
      if (bytesRead === 0) break;
      used += bytesRead;
    }
    return bytes.subarray(0, used);
  } finally {
    await handle.close();
  }
}

function requireRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  throw refusal(path, stats.isDirectory() ? 'is a folder' : 'is not an ordinary file', 'EINVAL');
}

function openFailure(path: string, error: unknown): unknown {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (errno === undefined) return error;
  return refusal(path, REASONS[errno] ?? `cannot be opened (${errno})`, errno, error);
}

const REASONS: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link, which is not followed',
  EISDIR: 'is a folder',
  ENXIO: 'is not an ordinary file',
};

const refusal = (path: string, reason: string, errno: string, cause?: unknown): RunnerError =>
  new RunnerError('store_io_failed', `${path} ${reason}.`, { details: { path, errno }, cause });
