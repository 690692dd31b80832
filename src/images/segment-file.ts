/**
 * One file of the pool. The processes that read it run as our own user, so they can do anything to it.
 *
 * INVARIANTS
 * - It is written by write calls alone, never through a mapping: they cannot fault, whatever was done to the file.
 * - Before each image the path is held against the descriptor; what differs is made anew, never followed or opened.
 * - A write that fails leaves nothing of the file, and the next image gets a new one.
 */
import { closeSync, fstatSync, ftruncateSync, linkSync, lstatSync, openSync, unlinkSync, writeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOf, poolFault } from './pool-fault.js';

/** The operations behind a segment; the test hook `faults` replaces some of them. */
export interface FileOperations {
  open(path: string): number;
  write(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  truncate(fd: number, sizeBytes: number): void;
  close(fd: number): void;
}

export const systemFiles: FileOperations = {
  // Exclusive: a segment is made by this Runner, nobody else's file or link is taken for one.
  open: (path) => openSync(path, 'wx+', 0o600),
  write: writeSync,
  truncate: ftruncateSync,
  close: closeSync,
};

/** What is written within one turn of the event loop; a larger image takes several. */
const TURN_BYTES = 4 * 1024 * 1024;

export interface Part {
  readonly bytes: Uint8Array;
  readonly position: number;
}

interface Held {
  readonly fd: number;
  readonly dev: number;
  readonly ino: number;
}

export class SegmentFile {
  #held: Held | undefined;
  #sizeBytes = 0;

  /** @param clear takes whatever lies at a path out of the way */
  constructor(
    readonly path: string,
    private readonly files: FileOperations,
    private readonly clear: (path: string) => void,
  ) {}

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /**
   * Its path names the Runner's own file afterwards.
   *
   * @returns what was found in its place, in words; undefined when all was well
   * @throws RunnerError store_io_failed
   */
  prepare(): string | undefined {
    const amiss = this.#held === undefined ? undefined : this.amiss();
    if (amiss !== undefined) this.remove();
    if (this.#held === undefined) this.#make();
    return amiss;
  }

  /** Somebody else has written it, at least so long. @throws RunnerError store_io_failed where it is shorter */
  adopt(sizeBytesMin: number): void {
    const sizeBytes = this.#held === undefined ? 0 : fstatSync(this.#held.fd).size;
    if (sizeBytes < sizeBytesMin) {
      throw poolFault(new Error(`it has ${sizeBytes} bytes, not ${sizeBytesMin}`), this.path, sizeBytesMin);
    }
    this.#sizeBytes = sizeBytes;
  }

  /** How what the path names differs from what was written, in words; undefined when it does not. */
  amiss(path = this.path): string | undefined {
    const held = this.#held;
    const seen = look(path);
    if (held === undefined || seen === undefined) return 'it is gone';
    if (seen.ino !== held.ino || seen.dev !== held.dev) return `${kindOf(seen)} lies in its place`;
    if (seen.size !== this.#sizeBytes) return `it holds ${seen.size} bytes, not ${this.#sizeBytes}`;
    if ((seen.mode & 0o777) !== 0o600) return `its mode is ${(seen.mode & 0o777).toString(8)}`;
    return undefined;
  }

  /**
   * Writes an image; a promise where it takes more than one turn of the event loop.
   *
   * @param sizeBytes the file is made exactly this long; left out, it keeps its length or grows
   * @throws RunnerError image_pool_full, store_io_failed
   */
  write(parts: readonly Part[], sizeBytes?: number): void | Promise<void> {
    const endBytes = parts.reduce((end, { bytes, position }) => Math.max(end, position + bytes.length), 0);
    if (endBytes <= TURN_BYTES) {
      for (const part of parts) for (const at of this.#steps(part, endBytes)) void at;
      return this.#end(sizeBytes, endBytes);
    }
    return this.#writeInTurns(parts, sizeBytes, endBytes);
  }

  async #writeInTurns(parts: readonly Part[], sizeBytes: number | undefined, endBytes: number): Promise<void> {
    for (const part of parts) for (const at of this.#steps(part, endBytes)) if (at > 0) await nextTurn();
    this.#end(sizeBytes, endBytes);
  }

  /** Gives the file a second name, for one reader. @throws RunnerError store_io_failed */
  link(path: string): void {
    try {
      linkSync(this.path, path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw poolFault(error, path, this.#sizeBytes);
      this.clear(path);
      linkSync(this.path, path);
    }
  }

  /** @internal for work that reads back what was written */
  read<T>(work: (fd: number) => T): T | undefined {
    return this.#held === undefined ? undefined : work(this.#held.fd);
  }

  /**
   * Closes and unlinks.
   *
   * @param forGood nobody reads it any more: its memory is given back under whatever names the file may be known. Else
   *   only where it was moved away, for a reader may still hold a view of what it was given.
   */
  remove(forGood = false): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#sizeBytes = 0;
    try {
      const isThere = look(this.path)?.ino === held.ino;
      if (isThere) unlinkSync(this.path);
      if ((forGood || !isThere) && fstatSync(held.fd).nlink > 0) ftruncateSync(held.fd, 0);
    } finally {
      this.files.close(held.fd);
    }
  }

  #make(): void {
    try {
      const fd = this.#open();
      const { dev, ino } = fstatSync(fd);
      this.#held = { fd, dev, ino };
    } catch (error) {
      throw poolFault(error, this.path, 0);
    }
  }

  #open(): number {
    try {
      return this.files.open(this.path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      this.clear(this.path);
      return this.files.open(this.path);
    }
  }

  /** Writes one part, turn by turn. A tmpfs that fills up in the middle answers with a short count first. */
  *#steps({ bytes, position }: Part, endBytes: number): Generator<number> {
    for (let offset = 0; offset < bytes.length;) {
      yield offset;
      const length = Math.min(TURN_BYTES, bytes.length - offset);
      try {
        if (this.#held === undefined) throw new Error('the segment was removed meanwhile');
        offset += this.files.write(this.#held.fd, bytes, offset, length, position + offset);
      } catch (error) {
        this.remove();
        throw poolFault(error, this.path, endBytes);
      }
    }
  }

  #end(sizeBytes: number | undefined, endBytes: number): void {
    try {
      if (this.#held === undefined) throw new Error('the segment was removed meanwhile');
      if (sizeBytes !== undefined) this.files.truncate(this.#held.fd, sizeBytes);
    } catch (error) {
      this.remove();
      throw poolFault(error, this.path, endBytes);
    }
    this.#sizeBytes = sizeBytes ?? Math.max(this.#sizeBytes, endBytes);
  }
}

/** Never opens or follows what lies there. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a folder on the way was replaced or closed
  }
}

export function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'another file';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
