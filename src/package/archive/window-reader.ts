import type { FileHandle } from 'node:fs/promises';
import { readAt } from './envelope.js';

const WINDOW_BYTES = 64 * 1024;

/**
 * Reads headers through a window of the file: a directory of ten thousand entries is then some dozen reads instead of
 * forty thousand. The handle stays the caller's.
 */
export class WindowReader {
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly handle: FileHandle) {}

  /** These bytes, or fewer at the end of the file; valid until the next read. */
  async read(position: number, length: number): Promise<Buffer> {
    const isInside = position >= this.#start && position + length <= this.#start + this.#window.length;
    if (!isInside) {
      this.#window = await readAt(this.handle, position, Math.max(length, WINDOW_BYTES));
      this.#start = position;
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length);
  }
}
