import { readRunBlocks, readTraceHeader, traceFilter } from '../../index.js';
import type { TraceFilter, TraceRecord } from '../../index.js';

export interface ReadOptions {
  readonly filter: TraceFilter;
  /** What else a record has to be. */
  readonly isWanted?: (record: TraceRecord) => boolean;
  /** Only the last so many. */
  readonly tail?: number;
  /** Told of files that were read, and how many there are. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** The records wanted of the files of one run, in order, in batches. @throws RunnerError as readRun */
export async function* readRecords(
  files: readonly string[],
  options: ReadOptions,
): AsyncGenerator<readonly TraceRecord[]> {
  const within = files.slice(await firstSince(files, options.filter.sinceMs));
  if (options.tail === undefined) yield* selected(within, options);
  else yield* lastOf(within, options, options.tail);
}

async function* selected(
  files: readonly string[],
  { filter, isWanted = () => true, onProgress = () => undefined }: ReadOptions,
): AsyncGenerator<readonly TraceRecord[]> {
  const matches = traceFilter(filter);
  const { untilMs = Infinity } = filter;
  for await (const records of readRunBlocks(files, { onFile: (read) => onProgress(read, files.length) })) {
    const wanted = records.filter((record) => matches(record) && isWanted(record));
    if (wanted.length > 0) yield wanted;
    if ((records[0]?.timeMs ?? 0) > untilMs) return;
  }
}

/** From the last file backwards, until there are enough; what is sound of a damaged one is given before it is told. */
async function* lastOf(
  files: readonly string[],
  options: ReadOptions,
  most: number,
): AsyncGenerator<readonly TraceRecord[]> {
  const found: (readonly TraceRecord[])[] = [];
  let count = 0;
  let damage: { readonly error: unknown } | null = null;
  for (let i = files.length - 1; i >= 0 && count < most && damage === null; i--) {
    options.onProgress?.(files.length - 1 - i, files.length);
    // What a call belongs to may have been said in the file before.
    const read = files.slice(Math.max(0, i - 1), i + 1);
    const { first_seq: from } = await readTraceHeader(files[i] ?? '');
    let own: readonly TraceRecord[] = [];
    const quiet = { ...options, onProgress: () => undefined };
    try {
      for await (const records of selected(isCorrelated(options.filter) ? read : read.slice(-1), quiet))
        own = [...own, ...records.filter(({ seq }) => seq >= from)].slice(-most);
    } catch (error) {
      damage = { error };
    }
    found.unshift(own);
    count += own.length;
  }
  const all = found.flat();
  yield all.slice(Math.max(0, all.length - most));
  if (damage !== null) throw damage.error;
}

const isCorrelated = ({ pid, release, callId }: TraceFilter): boolean =>
  [pid, release, callId].some((wanted) => wanted !== undefined);

/** The last file that was begun before a time; clocks may be put back, so that an earlier one does no harm. */
async function firstSince(files: readonly string[], sinceMs: number | undefined): Promise<number> {
  if (sinceMs === undefined) return 0;
  for (let i = files.length - 1; i > 0; i--) {
    const { started_at: startedAt } = await readTraceHeader(files[i] ?? '');
    if (Date.parse(startedAt) < sinceMs) return i;
  }
  return 0;
}
