import { dirname } from 'node:path';
import { errnoOf, io, ioFailure, succeeds, withVisible } from './failure.js';
import type { FileSystem } from './file-system.js';
import { syncFolder } from './folder.js';
import { nodeFileSystem } from './node-file-system.js';

/**
 * Renames durably: both folders are synced. Nothing may lie at `to`. Should a sync fail, the name is put back, so that
 * a failure leaves things where they were.
 * @throws RunnerError store_io_failed; `details.visible` only when the way back failed too, `details.settled` false when
 * it is not known to be durable either
 */
export async function renameDurable(from: string, to: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await io(`rename ${from} to`, to, () => fs.rename(from, to));
  try {
    await syncBoth(to, from, fs);
  } catch (error) {
    const back = await succeeds(fs.rename(to, from));
    const settled = back && (await succeeds(syncBoth(from, to, fs)));
    throw withVisible(error, !back, settled);
  }
}

async function syncBoth(first: string, second: string, fs: FileSystem): Promise<void> {
  await syncFolder(dirname(first), fs);
  if (dirname(second) !== dirname(first)) await syncFolder(dirname(second), fs);
}

/** Removes a file durably; one that is not there is as good as removed. @throws RunnerError store_io_failed */
export async function removeDurable(path: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await fs.removeFile(path).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw ioFailure('remove', path, error);
  });
  await syncFolder(dirname(path), fs, true);
}
