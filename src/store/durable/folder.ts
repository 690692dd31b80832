import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { errnoOf, io, ioFailure } from './failure.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { nodeFileSystem } from './node-file-system.js';
import { closeQuietlyAfter } from './temp.js';

/** What a file system answers that cannot sync folders at all (some network and FUSE ones): nothing more can be done. */
const CANNOT_SYNC: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP']);

/**
 * fsync of a folder: the names in it are durable only after this, as far as the file system knows of such a thing.
 * @param visible whether a change of names was already made, see `io`
 */
export async function syncFolder(path: string, fs: FileSystem, visible = false): Promise<void> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY;
  const folder = await io('open folder', path, () => fs.open(path, flags), visible);
  await closeQuietlyAfter(folder, () => io('sync folder', path, () => syncIfPossible(folder), visible));
}

async function syncIfPossible(folder: OpenFile): Promise<void> {
  try {
    await folder.sync();
  } catch (error) {
    if (!CANNOT_SYNC.has(errnoOf(error))) throw error;
  }
}

/**
 * Makes a folder and the missing ones above it. Also syncs the parent of one that is there already: whoever made it
 * may have been killed before its name was durable.
 * @throws RunnerError store_io_failed
 */
export async function makeFolderDurable(
  path: string,
  fs: FileSystem = nodeFileSystem,
  attempts: { readonly isLast: boolean } = { isLast: false },
): Promise<void> {
  const parent = dirname(path);
  const made = await fs.makeFolder(path).then(
    () => 'made' as const,
    (error: unknown) => {
      const errno = errnoOf(error);
      if (errno === 'EEXIST') return 'there' as const;
      if (errno === 'ENOENT' && parent !== path) return 'parent missing' as const;
      throw ioFailure('make folder', path, error);
    },
  );
  switch (made) {
    case 'made':
      await syncOrUnmake(path, fs);
      return;
    case 'there':
      await requireFolder(path, fs);
      await syncIfReadable(parent, fs);
      return;
    case 'parent missing':
      await makeFolderDurable(parent, fs);
      if (!attempts.isLast) await makeFolderDurable(path, fs, { isLast: true });
      else throw ioFailure('make folder', path, vanished(path));
  }
}

/** Some file systems say of every name that its folder is not there (/proc): they are asked once more, not for ever. */
const vanished = (path: string): Error => Object.assign(new Error(`cannot make ${path}`), { code: 'ENOENT' });

/**
 * The same for a folder that is emptied by those who work in it: a link in its place is refused, or what lies elsewhere
 * would be taken for ours.
 * @throws RunnerError store_corrupt, store_io_failed
 */
export async function makeOwnFolder(path: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await makeFolderDurable(path, fs);
  await requireOwnFolder(path, fs);
}

/** @throws RunnerError store_corrupt when something else than a folder lies there, store_io_failed */
export async function requireOwnFolder(path: string, fs: FileSystem): Promise<void> {
  const { kind } = await io('stat', path, () => fs.facts(path));
  if (kind === 'folder') return;
  const what = kind === 'link' ? 'is a symbolic link, which is not followed' : 'is not a folder';
  throw new RunnerError('store_corrupt', `${path} ${what}.`, {
    hint: 'Remove it, or put a folder in its place; to keep a store on another disk, link the whole store.',
    details: { path, visible: false },
  });
}

/** A link to a folder is one: an administrator may lay a part of the store on another disk. */
async function requireFolder(path: string, fs: FileSystem): Promise<void> {
  const folder = await io('open folder', path, () => fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY));
  await folder.close().catch(() => undefined);
}

async function syncOrUnmake(path: string, fs: FileSystem): Promise<void> {
  try {
    await syncFolder(dirname(path), fs);
  } catch (error) {
    await fs.removeFolder(path).catch(() => undefined);
    throw error;
  }
}

/** The folder above the store may be closed to us; then it was not us who made a name in it. */
async function syncIfReadable(path: string, fs: FileSystem): Promise<void> {
  try {
    await syncFolder(path, fs);
  } catch (error) {
    if (!(error instanceof RunnerError) || error.details['errno'] !== 'EACCES') throw error;
  }
}
