import { dirname } from 'node:path';
import { errnoOf, io, ioFailure, withVisible } from './failure.js';
import type { FileSystem } from './file-system.js';
import { syncFolder } from './folder.js';
import { nodeFileSystem } from './node-file-system.js';

/**
 * Renames durably: both folders are synced. Nothing may lie at `to`. Should a sync fail, the name is put back, so that
 * a failure leaves things where they were.
 * @throws RunnerError store_io_failed; `details.visible` only when the way back failed too
 */
export async function renameDurable(from: string, to: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await io(`rename ${from} to`, to, () => fs.rename(from, to));
  try {
    await syncFolder(dirname(to), fs);
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from), fs);
  } catch (error) {
    const back = await fs.rename(to, from).then(
      () => true,
      () => false,
    );
    throw withVisible(error, !back);
  }
}

/** Removes a file durably; one that is not there is as good as removed. @throws RunnerError store_io_failed */
export async function removeDurable(path: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await fs.removeFile(path).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw ioFailure('remove', path, error);
  });
  await syncFolder(dirname(path), fs, true);
}
