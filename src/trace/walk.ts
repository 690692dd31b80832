import { readBlocks, readStandings, readTrace, readTraceHeader } from './reader.js';
import { filesOfRun, readRun, readRunBlocks } from './runs.js';
import type { TraceRecord } from './schema.js';

/** Event of what is no record of a delivery: where an actor stood when a file was begun. */
export const STANDING = 'trace.standing';

/**
 * A run as whoever goes through it needs it: from its begin, or, where rotation has removed that, from where every actor
 * stood when the oldest file kept was begun. Each of these comes first as a record of its own, with the number of the
 * record before, the event STANDING, the same state before and after, and the rest of the standing line as its data.
 *
 * @throws RunnerError as readRun
 */
export async function* walkRun(file: string): AsyncGenerator<TraceRecord, void> {
  const [first = file] = await filesOfRun(file);
  yield* await standingRecords(first);
  yield* readRun(file);
}

/** The same of one file alone. @throws RunnerError as readTrace */
export async function* walkTrace(file: string): AsyncGenerator<TraceRecord, void> {
  yield* await standingRecords(file);
  yield* readTrace(file);
}

/** The same of files of one run that follow each other, block by block. @throws RunnerError as readRun */
export async function* walkBlocks(
  files: readonly string[],
  onFile?: (read: number) => void,
): AsyncGenerator<readonly TraceRecord[], void> {
  const [first] = files;
  if (first === undefined) return;
  yield await standingRecords(first);
  yield* files.length === 1 ? readBlocks(first) : readRunBlocks(files, onFile);
}

async function standingRecords(file: string): Promise<readonly TraceRecord[]> {
  const standings = await readStandings(file);
  if (standings.length === 0) return [];
  const header = await readTraceHeader(file);
  const at = { seq: header.first_seq - 1, atUs: header.at_us, timeMs: Date.parse(header.started_at) };
  return standings.map(({ s: actor, m: machine, state, ...data }) => ({
    ...at,
    ...{ actor, machine, event: STANDING, data, before: state, after: state },
  }));
}
