import { closeSync, constants, fstatSync, mkdirSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunnerError, toFault } from '../base/errors/index.js';
import { openRegularSync } from '../base/files/index.js';

/** After a failure the disk is asked again at most this often; a file somebody removed is noticed this soon. */
const LOOK_MS = 1_000;

export interface LogFileOptions {
  readonly bytesMax: number;
  /** Told once for each time the disk refuses. */
  readonly onLoss?: ((error: RunnerError) => void) | undefined;
  /** The line that says, once the disk takes lines again, how many it did not. */
  readonly lossLine: (lines: number, reason: string) => string;
}

/**
 * A bounded file of lines that goes on whatever the disk says.
 *
 * INVARIANTS
 * - Nothing here throws, and nothing waits: only an ordinary file is written to.
 * - Lines that could not be written are counted, and told of in the file as soon as it takes lines again.
 * - A file that was removed or replaced under the Runner is begun anew.
 */
export class LogFile {
  #descriptor: number | null = null;
  #bytes = 0;
  #lost = 0;
  #reason = '';
  /** A line was written in part: whatever follows begins on a line of its own. */
  #isTorn = false;
  #lookedMs = -Infinity;

  constructor(
    readonly path: string,
    private readonly options: LogFileOptions,
  ) {
    this.#isOpen();
  }

  write(line: string): void {
    if (!this.#isOpen()) return this.#lose();
    try {
      if (this.#lost > 0) this.#put(this.options.lossLine(this.#lost, this.#reason));
      this.#lost = 0;
      this.#put(line);
    } catch (error) {
      this.#fail(error);
      return this.#lose();
    }
    if (this.#bytes > this.options.bytesMax) this.#turnOver();
  }

  close(): void {
    if (this.#descriptor === null) return;
    try {
      closeSync(this.#descriptor);
    } catch {
      // What was written stays.
    }
    this.#descriptor = null;
  }

  #isOpen(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs < LOOK_MS) return this.#descriptor !== null;
    this.#lookedMs = nowMs;
    try {
      if (this.#descriptor !== null && fstatSync(this.#descriptor).nlink > 0) return true;
      this.close();
      this.#open();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #open(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o755 });
    this.#descriptor = openRegularSync(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  #put(line: string): void {
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line);
    for (let at = 0; at < bytes.length;) {
      const written = writeSync(this.#descriptor ?? -1, bytes, at);
      if (written <= 0) throw new Error('the device takes no bytes');
      at += written;
      this.#bytes += written;
      this.#isTorn = at < bytes.length;
    }
  }

  #turnOver(): void {
    try {
      renameSync(this.path, `${this.path}.1`);
      this.close();
      this.#open();
    } catch (error) {
      // The file goes on growing, but not for ever.
      if (this.#bytes > 2 * this.options.bytesMax) this.#fail(error);
    }
  }

  #lose(): void {
    this.#lost += 1;
  }

  #fail(error: unknown): void {
    this.close();
    const reason = toFault(error).message;
    const isNew = this.#lost === 0 || reason !== this.#reason;
    this.#reason = reason;
    if (!isNew) return;
    const message = `The log ${this.path} cannot be written: ${reason}`;
    this.options.onLoss?.(new RunnerError('log_interrupted', message, { details: { file: this.path, reason } }));
  }
}
