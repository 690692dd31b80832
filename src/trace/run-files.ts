import { RunnerError, toFault } from '../base/errors/index.js';
import { nextRunName, tracePath } from './file-names.js';
import { TraceFileWriter } from './file-writer.js';
import { pruneTraces } from './retention.js';
import type { TraceRetention } from './retention.js';
import { TRACE_VERSION } from './schema.js';
import type { TraceGap, TraceStanding } from './schema.js';

const BLOCK_BYTES = 64 * 1024;

export interface RunFilesOptions extends TraceRetention {
  readonly folder: string;
  readonly runnerVersion: string;
  readonly machines: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  /** Told each time the disk begins to refuse. */
  readonly onLoss: (error: RunnerError) => void;
}

/** Where a file begins. */
export interface FileBegin {
  /** Records so far, written or not. */
  readonly records: number;
  readonly atUs: number;
  /** Where every actor stands; nothing for the first file of a run. */
  readonly standings: () => readonly TraceStanding[];
}

/**
 * The files of one run, one after the other.
 *
 * INVARIANTS
 * - Nothing here throws. A disk that refuses ends the file, not the run: the next file says what is missing before it.
 * - Only whole blocks are left in a file.
 */
export class RunFiles {
  run = '';
  /** The present file, or the last there was; empty as long as none could be begun. */
  path = '';
  /** Wall clock of the present file's begin, in milliseconds since 1970. */
  startedMs = 0;
  #writer: TraceFileWriter | null = null;
  #part = 0;
  /** The last record that is on disk. */
  #writtenSeq = 0;
  /** The last record before the present file. */
  #begunAfterSeq = 0;
  #gap: { readonly sinceMs: number; readonly reason: string } | null = null;
  /** What a file begins with does not count, or a long beginning would start file after file. */
  #bytesAtFirst = 0;

  constructor(private readonly options: RunFilesOptions) {}

  get isOpen(): boolean {
    return this.#writer !== null;
  }

  /** Bytes of records in the present file. */
  get bytes(): number {
    return (this.#writer?.bytes ?? 0) - this.#bytesAtFirst;
  }

  /** Whether all of the run is in one file. */
  get isWhole(): boolean {
    return this.#part <= 1 && this.#gap === null;
  }

  /** Begins the next file. @returns whether it could */
  begin({ records, atUs, standings }: FileBegin): boolean {
    const { folder, runnerVersion: runner, machines, bytesMax, ageMaxDays, wallMs } = this.options;
    this.startedMs = wallMs();
    const started_at = new Date(this.startedMs).toISOString();
    const isFirst = this.#part === 0;
    return this.#guard(() => {
      if (isFirst) this.run = nextRunName(folder, started_at);
      const part = this.#part + 1;
      const path = tracePath(folder, this.run, part);
      const gap = this.#gapBefore(records);
      const writer = TraceFileWriter.begin(folder, path, {
        ...{ trace: TRACE_VERSION, run: this.run, part, first_seq: records + 1, at_us: atUs },
        ...{ started_at, runner, machines, ...(gap === null ? {} : { gap }) },
      });
      try {
        if (!isFirst || gap !== null) for (const lines of inBlocks(standings())) writer.writeBlock(lines);
      } catch (error) {
        writer.discard();
        throw error;
      }
      this.#bytesAtFirst = writer.bytes;
      this.#writer = writer;
      this.path = path;
      this.#part = part;
      this.#gap = null;
      this.#writtenSeq = records;
      this.#begunAfterSeq = records;
      try {
        pruneTraces(folder, { bytesMax, ageMaxDays }, path);
      } catch {
        // What exceeds the limits stays until the next file is begun.
      }
    });
  }

  /** @param records so far, the last of them in this block */
  write(block: Uint8Array, records: number): void {
    this.#guard(() => {
      if (this.#writer === null) return;
      this.#writer.writeBlock(block);
      if (!this.#writer.isThere) {
        this.#writtenSeq = this.#begunAfterSeq;
        throw new Error('the file was removed');
      }
      this.#writtenSeq = records;
    });
  }

  end(how: 'closed' | 'rotated', counts: { readonly records: number; calls: number; failures: number }): void {
    const { records, calls, failures } = counts;
    this.#guard(() => this.#writer?.end({ end: how, last_seq: records, calls, failures }));
    this.#writer = null;
  }

  /** Nothing was done in this run that is worth a file. */
  discard(): void {
    this.#writer?.discard();
    this.#writer = null;
  }

  #gapBefore(records: number): TraceGap | null {
    if (this.#gap === null) return null;
    const { sinceMs, reason } = this.#gap;
    return { from_seq: Math.min(this.#writtenSeq, records) + 1, since: new Date(sinceMs).toISOString(), reason };
  }

  #guard(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (cause) {
      this.#writer?.abandon();
      this.#writer = null;
      const reason = toFault(cause).message;
      const isNew = this.#gap === null;
      this.#gap ??= { sinceMs: this.options.wallMs(), reason };
      if (isNew) this.options.onLoss(lossOf(this.path === '' ? this.options.folder : this.path, reason, cause));
      return false;
    }
  }
}

const lossOf = (path: string, reason: string, cause: unknown): RunnerError =>
  new RunnerError('trace_interrupted', `The trace ${path} cannot be written: ${reason}`, {
    cause,
    details: { file: path, reason },
  });

function* inBlocks(standings: readonly TraceStanding[]): Generator<Uint8Array> {
  let lines = '';
  for (const standing of standings) {
    lines += `${JSON.stringify(standing)}\n`;
    if (lines.length < BLOCK_BYTES) continue;
    yield Buffer.from(lines);
    lines = '';
  }
  if (lines !== '') yield Buffer.from(lines);
}
