import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Archive, FileIdentity } from './archive.js';
import { refusal } from './refusal.js';

/** Opens a zip for reading, gives it to `use` and closes it whatever happens. */
export async function withFile<T>(
  path: string,
  use: (handle: FileHandle, identity: FileIdentity) => Promise<T>,
): Promise<T> {
  // O_NONBLOCK: opening a pipe that somebody put into the folder must not wait for a writer.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw refusal('unreadable', `cannot be opened: ${reason(cause)}`, undefined, cause);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw refusal('unreadable', 'is not a regular file');
    const { dev, ino, size, mtimeMs } = stats;
    return await use(handle, { dev, ino, size, mtimeMs });
  } finally {
    await handle.close();
  }
}

/** Opens the file an archive was read from, and refuses when it is no longer the same. */
export function withArchiveFile<T>(archive: Archive, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  return withFile(archive.path, (handle, now) => {
    const then = archive.identity;
    const same = now.dev === then.dev && now.ino === then.ino && now.size === then.size && now.mtimeMs === then.mtimeMs;
    if (!same) throw refusal('changed', 'was replaced while it was being used');
    return use(handle);
  });
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
