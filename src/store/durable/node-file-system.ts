import { lstat, mkdir, open, readdir, rename, rmdir, statfs, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import type { EntryKind, FileFacts, FileSystem, OpenFile } from './file-system.js';

/** Others never write in a folder of the store, whatever the umask of the host lets through. */
const OWN_FOLDER_MODE = 0o755;

/** The real one. Whatever lies in a file's place, opening it does not wait. */
export const nodeFileSystem: FileSystem = {
  open: async (path, flags, mode) => openFile(await open(path, flags | constants.O_NONBLOCK, mode)),
  facts: async (path) => factsOf(await lstat(path)),
  list: async (folder) =>
    (await readdir(folder, { withFileTypes: true })).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
  makeFolder: (path) => mkdir(path, { mode: OWN_FOLDER_MODE }),
  removeFolder: (path) => rmdir(path),
  removeFile: (path) => unlink(path),
  rename: (from, to) => rename(from, to),
  room: async (folder) => {
    const { bsize, bavail, files, ffree } = await statfs(folder);
    return { freeBytes: bavail * bsize, freeEntries: files === 0 ? Number.POSITIVE_INFINITY : ffree };
  },
};

function openFile(handle: FileHandle): OpenFile {
  return {
    facts: async () => factsOf(await handle.stat()),
    read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
    write: async (buffer) => (await handle.write(buffer)).bytesWritten,
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

function factsOf(stats: Stats): FileFacts {
  return {
    kind: kindOf(stats),
    size: stats.size,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
    inode: stats.ino,
  };
}

function kindOf(entry: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}
