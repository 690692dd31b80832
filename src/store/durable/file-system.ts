/**
 * Every file operation of the store passes through this one small object, so that a test can fail any single call,
 * write less than asked, or keep apart what was written from what was synced.
 *
 * INVARIANTS
 * - Operations are the system calls they are named after: one attempt, nothing retried, nothing recursive.
 * - Failures are Node's errors with an errno in `code`; `durable/failure.ts` turns them into RunnerErrors.
 */
export interface FileSystem {
  /** @param flags of `fs.constants`, as for open(2) */
  open(path: string, flags: number, mode?: number): Promise<OpenFile>;
  /** lstat: a link is reported as a link. */
  facts(path: string): Promise<FileFacts>;
  list(folder: string): Promise<readonly ListedEntry[]>;
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** statfs */
  room(folder: string): Promise<RoomFacts>;
}

export interface OpenFile {
  facts(): Promise<FileFacts>;
  /** Reads at `position` into `buffer`; resolves to the bytes read, 0 at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Writes `buffer` at the file's position; resolves to the bytes written, which may be fewer. */
  write(buffer: Uint8Array): Promise<number>;
  /** fsync */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

export interface ListedEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/**
 * What is left of a file system for a user without privileges.
 *
 * @property freeEntries inodes; infinite where they are made as they are needed
 */
export interface RoomFacts {
  readonly freeBytes: number;
  readonly freeEntries: number;
}

/** Nothing was written to it, and nothing else lies there. */
export const sameFacts = (a: FileFacts, b: FileFacts): boolean =>
  a.size === b.size && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs && a.inode === b.inode;

/** @property changedMs ctime: set by the kernel on every write and rename, not forgeable by a copy that keeps times */
export interface FileFacts {
  readonly kind: EntryKind;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
}
