import { RunnerError, tell, toFault } from '../base/errors/index.js';
import { Cursor } from './cursor.js';
import type { Recorder } from './recording.js';
import type { TraceRecord } from './schema.js';

export interface FeedOptions {
  /** The first record wanted; the next one there will be when left out. */
  readonly fromSeq?: number;
}

export interface SubscribeOptions extends FeedOptions {
  /** There are no further records: the Runner closed (null), or why. Not called after `unsubscribe`. */
  readonly onEnd?: (error: RunnerError | null) => void;
}

export interface TraceSubscription {
  unsubscribe(): void;
}

/**
 * The trace while it is written: every record once, in order, from any record that is still in the files on.
 *
 * INVARIANTS
 * - Without subscribers the feed does no work.
 * - A listener is never called in the middle of a transition, and what it throws ends its subscription alone.
 * - A slow consumer delays nobody: at most 4,096 records wait for it in memory, and it reads the others from the files.
 *   It ends with store_io_failed only if rotation has removed them.
 */
export class TraceFeed implements AsyncIterable<TraceRecord> {
  readonly #cursors = new Set<Cursor>();
  #ended: { readonly error: RunnerError | null } | null = null;

  /** @internal */
  constructor(private readonly recorder: Recorder | null) {}

  /** Number of the last record so far; 0 before the first one. */
  get lastSeq(): number {
    return this.recorder?.count() ?? 0;
  }

  /**
   * Calls a listener with every record, soon after it was written.
   *
   * @throws RunnerError invalid_usage when this Runner keeps no trace
   */
  subscribe(listener: (record: TraceRecord) => void, options: SubscribeOptions = {}): TraceSubscription {
    const cursor = this.#open(options);
    let isOver = false;
    const pump = async (): Promise<void> => {
      for await (const batch of cursor.batches())
        for (const record of batch) {
          if (isOver) return;
          listener(record);
        }
    };
    const end = (error: RunnerError | null): void => {
      this.#close(cursor);
      if (!isOver) tell(options.onEnd, error);
      isOver = true;
    };
    pump().then(
      () => end(null),
      (error: unknown) => end(asRunnerError(error)),
    );
    return {
      unsubscribe: () => {
        isOver = true;
        this.#close(cursor);
      },
    };
  }

  /**
   * The records as they come; ends when the Runner closes.
   *
   * @throws RunnerError invalid_usage when this Runner keeps no trace; store_io_failed when the disk refuses the trace, or
   * rotation has removed the records wanted
   */
  async *records(options: FeedOptions & { readonly signal?: AbortSignal } = {}): AsyncGenerator<TraceRecord, void> {
    const { signal } = options;
    const cursor = this.#open(options);
    const stop = (): void => cursor.end(null);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    try {
      for await (const batch of cursor.batches())
        for (const record of batch) {
          if (signal?.aborted === true) return;
          yield record;
        }
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#close(cursor);
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<TraceRecord, void> {
    return this.records();
  }

  /** @internal the Runner has closed */
  end(error: RunnerError | null = null): void {
    this.#ended ??= { error };
    for (const cursor of this.#cursors) cursor.end(error);
  }

  #open({ fromSeq }: FeedOptions): Cursor {
    const { recorder } = this;
    if (recorder === null)
      throw new RunnerError('invalid_usage', 'This Runner keeps no trace.', {
        hint: 'Open it without `trace: false`.',
      });
    if (fromSeq !== undefined && !(Number.isSafeInteger(fromSeq) && fromSeq >= 1))
      throw new RunnerError('invalid_usage', `fromSeq is ${fromSeq}; it has to be a whole number from 1.`);
    const cursor = new Cursor(recorder, fromSeq ?? recorder.count() + 1);
    this.#cursors.add(cursor);
    recorder.observe({
      recorded: (record) => this.#cursors.forEach((each) => each.offer(record)),
      lost: (error) => this.#cursors.forEach((each) => each.end(error)),
    });
    if (this.#ended !== null) cursor.end(this.#ended.error);
    return cursor;
  }

  #close(cursor: Cursor): void {
    cursor.end(null);
    this.#cursors.delete(cursor);
    if (this.#cursors.size === 0) this.recorder?.observe(null);
  }
}

const asRunnerError = (error: unknown): RunnerError =>
  error instanceof RunnerError ? error : RunnerError.from(toFault(error));
