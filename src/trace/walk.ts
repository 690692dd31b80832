import { readTrace } from './reader.js';
import { filesOfRun, readRunBlocks, standingRecords } from './runs.js';
import type { RunBlocksOptions } from './runs.js';
import type { TraceRecord } from './schema.js';

/**
 * A run in the order it is stepped over: from its beginning, or, where retention has removed that, from where every actor
 * stood when the oldest file kept was begun; and after each gap from where they stood then. Each of these comes first as a
 * record of its own, with the number of the record before, the event STANDING, the same state before and after, and the
 * rest of the standing line as its data. A gap comes as a record with the event GAP.
 *
 * @throws RunnerError as readRun
 */
export async function* walkRun(
  file: string,
  onRead: (done: number, of: number) => void = () => undefined,
): AsyncGenerator<TraceRecord, void> {
  const files = await filesOfRun(file);
  for await (const records of walkBlocks(files, { onRead: (read) => onRead(read, files.length) })) yield* records;
}

/** The same of one file alone. @throws RunnerError as readTrace */
export async function* walkTrace(file: string): AsyncGenerator<TraceRecord, void> {
  yield* await standingRecords(file);
  yield* readTrace(file);
}

/** The same of files of one run that follow each other, block by block. @throws RunnerError as readRun */
export async function* walkBlocks(
  files: readonly string[],
  options: Pick<RunBlocksOptions, 'onRead' | 'choose' | 'before'> = {},
): AsyncGenerator<readonly TraceRecord[], void> {
  if (files.length > 0) yield* readRunBlocks(files, { ...options, withStandings: true });
}
