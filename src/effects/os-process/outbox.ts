import type { FrameSink } from './streams.js';

/** Beside one whole frame of the cap there is room for pings. */
const SMALL_FRAMES_BYTES = 64 * 1024;

/**
 * What is written to a process's standard input.
 *
 * INVARIANTS
 * - What waits to be read is bounded by one frame of the cap and some pings: a process that reads nothing costs no more
 *   memory than that.
 * - A stream that broke takes nothing and harms nobody.
 */
export class Outbox {
  readonly #stdin: FrameSink;
  readonly #bytesMax: number;
  #broken = false;

  constructor(stdin: FrameSink, frameBytesMax: number) {
    this.#stdin = stdin;
    this.#bytesMax = frameBytesMax + SMALL_FRAMES_BYTES;
    stdin.on('error', () => (this.#broken = true));
  }

  /** Bytes the operating system has not taken yet: its own buffer is full, so the process is not reading. */
  get waitingBytes(): number {
    return this.#broken ? 0 : this.#stdin.writableLength;
  }

  /** @returns false when too much is waiting already; the frame was not taken then */
  write(frame: Buffer): boolean {
    if (this.#broken) return true;
    const waiting = this.#stdin.writableLength;
    if (waiting > 0 && waiting + frame.length > this.#bytesMax) return false;
    this.#stdin.write(frame);
    return true;
  }
}
