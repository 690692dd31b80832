import { TokenBucket } from './token-bucket.js';

/** Lines that are read one by one: so many at once, so many per second in the long run. */
const LINES = { burst: 1_000, perSecond: 1_000 };
/** How long nothing is read once a flood began; meanwhile the budget fills up by half. */
const SKIPPED_FOR_MS = 500;
/** The end of what is skipped is kept: last words matter most. */
const TAIL_BYTES = 2 * 1024;
const NEWLINE = 10;

/**
 * Keeps a process that floods its log from keeping the Runner busy: beyond the budget its bytes are taken, so that it
 * does not block on a full pipe, and thrown away unseen, at no cost per line.
 *
 * INVARIANTS
 * - Every byte is either passed on or counted in `onSkipped`, at the latest SKIPPED_FOR_MS later or at the end.
 * - What is passed on is never glued to what came before a gap: a line that a gap cuts ends there.
 */
export class LogFlood {
  readonly #onBytes: (bytes: Buffer) => void;
  readonly #onSkipped: (bytes: number) => void;
  readonly #budget = new TokenBucket(LINES);
  #inLine = false;
  #skippedBytes = 0;
  /** The last bytes of what was skipped; null while nothing is. */
  #tail: Buffer | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { readonly onBytes: (bytes: Buffer) => void; readonly onSkipped: (bytes: number) => void }) {
    this.#onBytes = options.onBytes;
    this.#onSkipped = options.onSkipped;
  }

  push(chunk: Buffer): void {
    if (this.#tail !== null) return this.#skip(chunk, this.#tail);
    const affordable = this.#affordable(chunk);
    if (affordable > 0) this.#pass(chunk.subarray(0, affordable));
    if (affordable === chunk.length) return;
    if (this.#inLine) this.#pass(END_OF_LINE);
    this.#skip(chunk.subarray(affordable), NOTHING);
    this.#timer = setTimeout(() => this.#resume(), SKIPPED_FOR_MS);
    this.#timer.unref();
  }

  /** The stream ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#resume();
  }

  /** How many bytes of the chunk may be read: all, or those up to the end of the last line within the budget. */
  #affordable(chunk: Buffer): number {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      if (!this.#budget.take()) return from;
      from = at + 1;
    }
    return chunk.length;
  }

  #pass(bytes: Buffer): void {
    this.#inLine = bytes.at(-1) !== NEWLINE;
    this.#onBytes(bytes);
  }

  #skip(bytes: Buffer, tail: Buffer): void {
    this.#skippedBytes += bytes.length;
    this.#tail = Buffer.concat([tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  }

  #resume(): void {
    const tail = this.#tail;
    if (tail === null) return;
    const whole = tail.length < this.#skippedBytes ? tail.subarray(tail.indexOf(NEWLINE) + 1) : tail;
    const skipped = this.#skippedBytes - whole.length;
    this.#tail = null;
    this.#skippedBytes = 0;
    if (skipped > 0) this.#onSkipped(skipped);
    if (whole.length > 0) this.#pass(whole);
  }
}

const NOTHING = Buffer.alloc(0);
const END_OF_LINE = Buffer.from([NEWLINE]);
