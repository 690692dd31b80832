/**
 * One file of the pool.
 *
 * INVARIANTS
 * - Its first `sizeBytes` bytes were written, never left as a hole: on a full tmpfs a write into a mapped hole is a
 *   SIGBUS, a write by descriptor is an error that can be reported.
 * - A write that fails gives back what it took, and the file serves the next image.
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { poolFault } from './pool-fault.js';

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

const ZEROS = new Uint8Array(1 << 20);

export class SegmentFile {
  #fd: number | undefined;
  #sizeBytes = 0;

  constructor(
    readonly path: string,
    private readonly files: FileOperations,
  ) {}

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Its descriptor; the file is made when it is first needed. */
  get fd(): number {
    return (this.#fd ??= this.files.open(this.path));
  }

  /** Grows to at least `sizeBytes` by writing zeros; @throws RunnerError image_pool_full */
  reserve(sizeBytes: number): void {
    this.#writing(sizeBytes, () => {
      for (let at = this.#sizeBytes; at < sizeBytes; at += ZEROS.length) {
        this.#writeAll(ZEROS.subarray(0, Math.min(ZEROS.length, sizeBytes - at)), at);
      }
    });
  }

  /** Writes all of `bytes` at `position`, growing if need be; @throws RunnerError image_pool_full */
  write(bytes: Uint8Array, position: number): void {
    this.#writing(position + bytes.length, () => this.#writeAll(bytes, position));
  }

  /** Makes the file exactly this long. */
  cut(sizeBytes: number): void {
    try {
      this.files.truncate(this.fd, sizeBytes);
    } catch (error) {
      throw poolFault(error, this.path, sizeBytes);
    }
    this.#sizeBytes = sizeBytes;
  }

  /** Closes and unlinks. */
  remove(): void {
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    this.#sizeBytes = 0;
    try {
      this.files.close(fd);
    } finally {
      rmSync(this.path, { force: true });
    }
  }

  /** Does work that writes up to `endBytes`, and undoes the growth if it fails. */
  #writing(endBytes: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (endBytes > this.#sizeBytes) this.#giveBack();
      throw poolFault(error, this.path, endBytes);
    }
    this.#sizeBytes = Math.max(this.#sizeBytes, endBytes);
  }

  #writeAll(bytes: Uint8Array, position: number): void {
    // A tmpfs that fills up in the middle of a write answers with a short count first.
    for (let offset = 0; offset < bytes.length;) {
      offset += this.files.write(this.fd, bytes, offset, bytes.length - offset, position + offset);
    }
  }

  #giveBack(): void {
    try {
      if (this.#fd !== undefined) this.files.truncate(this.#fd, this.#sizeBytes);
    } catch {
      // The file stays longer than it counts: that holds memory until the pool closes, but harms no reader.
    }
  }
}
