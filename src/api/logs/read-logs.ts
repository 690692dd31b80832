import { textLines } from '../../base/files/index.js';
import { findLogs } from './log-files.js';
import { LEVELS, parseEntry } from './log-entry.js';
import type { Level, LogEntry } from './log-entry.js';

export interface LogFilter {
  /** `name@version`; every release when left out. */
  readonly release?: string;
  /** This level and the more serious ones. */
  readonly level?: Level;
  /** The id of a detection flow, as `detect --json` gives it. */
  readonly flow?: string;
  readonly pid?: string;
  /** Only the last so many. */
  readonly tail?: number;
}

/**
 * Log lines of one or all releases, in the order of their time.
 *
 * @param onEntry told of each that is read, wanted or not
 * @throws RunnerError release_not_found
 */
export async function* readLogs(
  store: string,
  filter: LogFilter,
  onEntry: (entry: LogEntry) => void = () => undefined,
): AsyncGenerator<LogEntry> {
  const logs = (await findLogs(store, filter.release)).map((files) => entriesOf(files, filter, onEntry));
  const merged = mergeByTime(logs);
  yield* filter.tail === undefined ? merged : lastOf(merged, filter.tail);
}

async function* entriesOf(
  files: readonly string[],
  { level, flow, pid }: LogFilter,
  onEntry: (entry: LogEntry) => void,
): AsyncGenerator<LogEntry> {
  const lowest = level === undefined ? 0 : LEVELS.indexOf(level);
  for (const file of files) {
    for await (const line of textLines(file)) {
      if (line === '') continue;
      const entry = parseEntry(line, file);
      onEntry(entry);
      if (LEVELS.indexOf(entry.level) < lowest) continue;
      if (flow !== undefined && entry.facts['session_id'] !== flow) continue;
      if (pid !== undefined && entry.facts['pid'] !== pid) continue;
      yield entry;
    }
  }
}

/** Each log is in order of time by itself. */
async function* mergeByTime(logs: readonly AsyncGenerator<LogEntry>[]): AsyncGenerator<LogEntry> {
  const heads: { entry: LogEntry; log: AsyncGenerator<LogEntry> }[] = [];
  const advance = async (log: AsyncGenerator<LogEntry>): Promise<void> => {
    const next = await log.next();
    if (next.done !== true) heads.push({ entry: next.value, log });
  };
  try {
    for (const log of logs) await advance(log);
    while (heads.length > 0) {
      const first = heads.reduce((best, head, i) => (head.entry.time < (heads[best]?.entry.time ?? 0) ? i : best), 0);
      const [taken] = heads.splice(first, 1);
      if (taken === undefined) return;
      yield taken.entry;
      await advance(taken.log);
    }
  } finally {
    for (const log of logs) await log.return(undefined);
  }
}

async function* lastOf(entries: AsyncGenerator<LogEntry>, count: number): AsyncGenerator<LogEntry> {
  let kept: LogEntry[] = [];
  for await (const entry of entries) {
    kept.push(entry);
    if (kept.length >= 2 * count) kept = kept.slice(-count);
  }
  yield* kept.slice(-count);
}
