import type { RunnerError } from '../base/errors/index.js';
import type { Recorder } from './recording.js';
import type { TraceRecord } from './schema.js';
import { TraceTail } from './tail.js';

/** Records kept for a consumer that is not there yet; beyond that it reads from the files. */
const QUEUE_MAX = 4096;

/**
 * One consumer's way through the records of a run that is being written: from the files as long as it is behind, from
 * memory once it is not.
 *
 * INVARIANTS
 * - Every record from `fromSeq` on is given once, in order.
 * - Memory is bounded: what a slow consumer does not take is not kept for it, it is read back from the files.
 */
export class Cursor {
  #next: number;
  #queue: TraceRecord[] = [];
  /** Records were not queued; they are in the files. */
  #isBehind: boolean;
  #ended: { readonly error: RunnerError | null } | null = null;
  #wake: (() => void) | null = null;
  #tail: TraceTail | null = null;

  constructor(
    private readonly recorder: Recorder,
    fromSeq: number,
  ) {
    this.#next = fromSeq;
    this.#isBehind = fromSeq <= recorder.count();
  }

  /** Called in the middle of a transition, so it only notes the record. */
  offer(record: TraceRecord): void {
    if (this.#isBehind || record.seq < this.#next) return;
    if (this.#queue.length >= QUEUE_MAX) this.#isBehind = true;
    else this.#queue.push(record);
    this.#awake();
  }

  /** There are no further records. */
  end(error: RunnerError | null): void {
    this.#ended ??= { error };
    this.#awake();
  }

  /** Batches of records, each as large as what had gathered. @throws RunnerError store_io_failed, store_corrupt */
  async *batches(): AsyncGenerator<readonly TraceRecord[]> {
    try {
      for (;;) {
        if (this.#queue.length > 0) yield* this.#fromQueue();
        else if (this.#isBehind) yield* this.#fromFiles();
        else if (this.#ended !== null) return this.#finish(this.#ended.error);
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      await this.#tail?.close();
    }
  }

  /** The files may have given some of it already. */
  *#fromQueue(): Generator<readonly TraceRecord[]> {
    const batch = this.#queue.filter(({ seq }) => seq >= this.#next);
    this.#queue = [];
    this.#next = (batch.at(-1)?.seq ?? this.#next - 1) + 1; // numbers of records that were lost are left out
    if (batch.length > 0) yield batch;
  }

  /** At least up to the last record there is now; from the one after it on, records are queued again. */
  async *#fromFiles(): AsyncGenerator<readonly TraceRecord[]> {
    this.recorder.flush();
    const last = this.recorder.count();
    this.#isBehind = false;
    this.#tail ??= await TraceTail.open(this.recorder.file(), this.#next);
    while (this.#next <= last) {
      const records = await this.#tail.next();
      if (records.length === 0) return; // the disk refused them: the end is on its way
      const wanted = records.filter(({ seq }) => seq >= this.#next);
      this.#next = (wanted.at(-1)?.seq ?? this.#next - 1) + 1;
      if (wanted.length > 0) yield wanted;
    }
  }

  #finish(error: RunnerError | null): void {
    if (error !== null) throw error;
  }

  #awake(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
