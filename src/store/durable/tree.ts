import { constants } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, io, ioFailure } from './failure.js';
import type { FileSystem, ListedEntry } from './file-system.js';
import { syncFolder } from './folder.js';
import { nodeFileSystem } from './node-file-system.js';
import { closeQuietlyAfter } from './temp.js';

/** Syncs at once: the journal of the file system writes them together. */
const PARALLEL_SYNCS = 8;
const REMOVAL_ROUNDS = 3;

/**
 * fsync of every file and folder of a tree, links not followed.
 * @throws RunnerError store_io_failed
 */
export async function syncTree(folder: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  const { files, folders } = await walk(folder, fs);
  await inParallel(files, (path) => syncFile(path, fs));
  await inParallel(folders, (path) => syncFolder(path, fs));
}

/**
 * Removes a file, a link or a whole folder; missing is fine. Not durable and not atomic: rename what matters out of
 * the way first. A process that still writes there is outrun a few times.
 * @throws RunnerError store_io_failed
 */
export async function removeTree(path: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  const kind = await kindOf(path, fs);
  if (kind === undefined) return;
  if (kind === 'folder') await removeFolderTree(path, fs, REMOVAL_ROUNDS);
  else await ignoring(['ENOENT'], 'remove', path, () => fs.removeFile(path));
}

async function removeFolderTree(folder: string, fs: FileSystem, rounds: number): Promise<void> {
  for (const entry of await listIfThere(folder, fs)) {
    const path = join(folder, entry.name);
    if (entry.kind === 'folder') await removeFolderTree(path, fs, REMOVAL_ROUNDS);
    else await ignoring(['ENOENT'], 'remove', path, () => fs.removeFile(path));
  }
  const last = rounds <= 1;
  const errno = await ignoring(last ? ['ENOENT'] : ['ENOENT', 'ENOTEMPTY'], 'remove folder', folder, () =>
    fs.removeFolder(folder),
  );
  if (errno === 'ENOTEMPTY') await removeFolderTree(folder, fs, rounds - 1);
}

/** What a folder holds; one that is not there holds nothing. */
export async function listIfThere(folder: string, fs: FileSystem): Promise<readonly ListedEntry[]> {
  try {
    return await fs.list(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw ioFailure('list', folder, error);
  }
}

/** What lies at a path; undefined: nothing. */
export async function kindOf(path: string, fs: FileSystem): Promise<ListedEntry['kind'] | undefined> {
  try {
    return (await fs.facts(path)).kind;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw ioFailure('stat', path, error);
  }
}

async function walk(root: string, fs: FileSystem): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = [];
  const folders = [root];
  for (const folder of folders) {
    for (const entry of await io('list', folder, () => fs.list(folder))) {
      const path = join(folder, entry.name);
      if (entry.kind === 'folder') folders.push(path);
      else if (entry.kind === 'file') files.push(path);
    }
  }
  return { files, folders };
}

async function syncFile(path: string, fs: FileSystem): Promise<void> {
  const file = await io('open', path, () => fs.open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  await closeQuietlyAfter(file, () => io('sync', path, () => file.sync()));
}

/** Ends only when every worker has: after a failure nothing of it touches the tree any more. */
async function inParallel(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const rest = paths.values();
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const path of rest) {
      if (failure !== undefined) return;
      await work(path).catch((error: unknown) => (failure ??= { error }));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_SYNCS }, worker));
  if (failure !== undefined) throw failure.error;
}

async function ignoring(
  errnos: readonly string[],
  operation: string,
  path: string,
  work: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== undefined && errnos.includes(errno)) return errno;
    throw ioFailure(operation, path, error);
  }
}
