import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { errnoOf, io, ioFailure } from './failure.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { syncFolder } from './folder.js';
import { nodeFileSystem } from './node-file-system.js';
import { closeAfter, closeOnFailure } from './temp.js';
import { bytesOf, writeAll } from './write.js';

/**
 * Appends to a file, created if missing, and syncs it. After a failure the end of the file is unknown: a part of the
 * data may be there, and a later fsync proves nothing about it. The caller then writes the file anew.
 * @throws RunnerError store_io_failed
 */
export async function appendDurable(
  path: string,
  data: string | Uint8Array,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const { file, created } = await openForAppend(path, fs);
  await closeAfter(path, file, async () => {
    await writeAll(path, file, bytesOf(data));
    await io('sync', path, () => file.sync());
  });
  if (created) await syncFolder(dirname(path), fs, true);
}

async function openForAppend(path: string, fs: FileSystem): Promise<{ file: OpenFile; created: boolean }> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
  const there = await fs.open(path, flags).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw ioFailure('open', path, error);
  });
  if (there !== undefined) {
    await closeOnFailure(there, () => requireFile(path, there));
    return { file: there, created: false };
  }
  const fresh = flags | constants.O_CREAT | constants.O_EXCL;
  return { file: await io('create', path, () => fs.open(path, fresh, 0o644)), created: true };
}

/** A pipe somebody reads from can be opened for writing. */
async function requireFile(path: string, file: OpenFile): Promise<void> {
  const { kind } = await io('stat', path, () => file.facts());
  if (kind === 'file') return;
  throw new RunnerError('store_io_failed', `${path} is not an ordinary file.`, {
    details: { path, operation: 'open', visible: false },
  });
}
