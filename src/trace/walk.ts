import { readStandings, readTrace, readTraceHeader } from './reader.js';
import { filesOfRun, readRun } from './runs.js';
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
  yield* standingRecords(first);
  yield* readRun(file);
}

/** The same of one file alone. @throws RunnerError as readTrace */
export async function* walkTrace(file: string): AsyncGenerator<TraceRecord, void> {
  yield* standingRecords(file);
  yield* readTrace(file);
}

async function* standingRecords(file: string): AsyncGenerator<TraceRecord, void> {
  const standings = await readStandings(file);
  if (standings.length === 0) return;
  const header = await readTraceHeader(file);
  const at = { seq: header.first_seq - 1, atUs: header.at_us, timeMs: Date.parse(header.started_at) };
  for (const { s: actor, m: machine, state, ...data } of standings)
    yield { ...at, actor, machine, event: STANDING, data, before: state, after: state };
}
