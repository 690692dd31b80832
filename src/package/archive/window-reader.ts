import type { FileHandle } from 'node:fs/promises';
import { RandomAccessReader } from 'yauzl';
import { readAt } from './envelope.js';

const WINDOW_BYTES = 64 * 1024;

/**
 * Lets the zip library read headers through a window of the file: a directory of ten thousand entries is then some
 * dozen reads instead of forty thousand. The handle stays the caller's.
 */
export class WindowReader extends RandomAccessReader {
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly handle: FileHandle) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#covering(position, length).then(
      (found) => callback(null, found.copy(buffer, offset)),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** These bytes, or fewer at the end of the file. */
  async #covering(position: number, length: number): Promise<Buffer> {
    const isInside = position >= this.#start && position + length <= this.#start + this.#window.length;
    if (!isInside) {
      this.#window = await readAt(this.handle, position, Math.max(length, WINDOW_BYTES));
      this.#start = position;
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length);
  }
}
