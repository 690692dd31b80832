import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf, io } from './failure.js';
import type { FileSystem, OpenFile } from './file-system.js';

const TEMP_NAME = /^\..+\.[0-9a-f]{16}\.tmp$/;

/** An unpredictable name beside `path`, so that nobody can lay a file or a link in its way. */
function tempPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
}

/** A file left by a writer that was killed; nothing ever reads one. */
export function isTempName(name: string): boolean {
  return TEMP_NAME.test(name);
}

/**
 * Creates a fresh file beside `path`, lets `fill` write it, and syncs it. On any failure it is removed again; a failed
 * fsync is never tried a second time, since the second may succeed without the data being on disk.
 * @returns the path of the temporary file, for the caller to rename
 */
export async function createTemp(
  path: string,
  mode: number,
  fill: (file: OpenFile) => Promise<void>,
  fs: FileSystem,
): Promise<string> {
  const temp = tempPath(path);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await io('create', temp, () => fs.open(temp, flags, mode));
  try {
    await closeAfter(temp, file, async () => {
      await fill(file);
      await io('sync', temp, () => file.sync());
    });
    return temp;
  } catch (error) {
    await discardTemp(temp, fs);
    throw error;
  }
}

/** Best effort: what cannot be removed now is swept at the next start. */
export async function discardTemp(temp: string, fs: FileSystem): Promise<void> {
  await fs.removeFile(temp).catch((error: unknown) => {
    if (errnoOf(error) === undefined) throw error;
  });
}

/** For files that were written: closed whatever happened, and a failing close is a failure. */
export async function closeAfter<T>(path: string, file: OpenFile, work: () => Promise<T>): Promise<T> {
  const result = await closeOnFailure(file, work);
  await io('close', path, () => file.close());
  return result;
}

/** For files that were only read or synced: a failing close changes nothing of what is known. */
export async function closeQuietlyAfter<T>(file: OpenFile, work: () => Promise<T>): Promise<T> {
  const result = await closeOnFailure(file, work);
  await file.close().catch(() => undefined);
  return result;
}

export async function closeOnFailure<T>(file: OpenFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}
