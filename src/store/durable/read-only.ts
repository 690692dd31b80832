import { constants } from 'node:fs';
import type { FileSystem } from './file-system.js';

const WRITING = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

/** The same files, of which nothing can be changed: for those who look at a store without holding its lock. */
export function readOnly(fs: FileSystem): FileSystem {
  const refuse = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('the store is only being read'), { code: 'EROFS' }));
  return {
    open: (path, flags, mode) => ((flags & WRITING) === 0 ? fs.open(path, flags, mode) : refuse()),
    facts: (path) => fs.facts(path),
    list: (folder) => fs.list(folder),
    makeFolder: refuse,
    removeFolder: refuse,
    removeFile: refuse,
    rename: refuse,
    room: (folder) => fs.room(folder),
  };
}
