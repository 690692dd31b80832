import { GAP, lastRecordOf, readRunBlocks, readTraceHeader, traceFilter } from '../../trace/index.js';
import type { ReadBefore, TraceFilter, TraceRecord } from '../../trace/index.js';

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
  if (options.tail === undefined)
    yield* selected(within, options, await fileBefore(files, files.length - within.length));
  else yield* lastOf(within, options, options.tail);
}

async function* selected(
  files: readonly string[],
  { filter, isWanted = () => true, onProgress = () => undefined }: ReadOptions,
  before: ReadBefore | null = null,
): AsyncGenerator<readonly TraceRecord[]> {
  const matches = traceFilter(filter);
  const { untilMs = Infinity } = filter;
  const onRead = (read: number): void => onProgress(read, files.length);
  for await (const records of readRunBlocks(files, { onRead, before })) {
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
    const first = isCorrelated(options.filter) ? Math.max(0, i - 1) : i;
    let own: readonly TraceRecord[] = [];
    const { length } = files;
    const within = { ...options, onProgress: (read: number) => options.onProgress?.(length - 1 - i + read, length) };
    try {
      const { first_seq: from } = await readTraceHeader(files[i] ?? '');
      const isOwn = ({ seq, event }: TraceRecord): boolean => seq >= from || (event === GAP && seq === from - 1);
      for await (const records of selected(files.slice(first, i + 1), within, await fileBefore(files, first)))
        own = [...own, ...records.filter(isOwn)].slice(-most);
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

/** What came before the file of this number; null where nothing did, or it cannot be understood: whoever reads it says why. */
const fileBefore = (files: readonly string[], number: number): Promise<ReadBefore | null> =>
  number === 0 ? Promise.resolve(null) : lastRecordOf(files[number - 1] ?? '').catch(() => null);

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
