import type { TraceRecord } from '../trace/index.js';
import type { Divergence } from './divergence.js';
import { InvariantWatch, LATE_MS } from './invariant-watch.js';
import { ReplayedSystem } from './replayed-system.js';

/** The result of watching a whole trace. */
export interface Watched {
  readonly records: number;
  /** How often everything an outside event had set off was done, so that the invariants could be judged. */
  readonly judged: number;
  /** Sentences of what is wrong, each with the record it was found at; at most a hundred. */
  readonly violations: readonly string[];
  /** Records that do not lead where today's machines lead; at most a thousand. */
  readonly divergences: readonly Divergence[];
  /** Numbers of the invariants whose premise came true. */
  readonly met: readonly number[];
}

const VIOLATIONS_MAX = 100;
const DIVERGENCES_MAX = 1_000;

/** Steps the machines over a recorded history and checks every invariant on it. */
export async function watchTrace(records: AsyncIterable<TraceRecord>, lateMs = LATE_MS): Promise<Watched> {
  const system = new ReplayedSystem();
  const watch = new InvariantWatch();
  const violations: string[] = [];
  const divergences: Divergence[] = [];
  system.onDivergence = (found) => {
    if (divergences.length < DIVERGENCES_MAX) divergences.push(found);
  };
  let count = 0;
  let judged = 0;
  for await (const record of records) {
    count += 1;
    const seen = system.take(record);
    if (seen === null) continue;
    judged += 1;
    for (const { seq, invariant, wrong } of watch.judge(seen, system.view(lateMs), record))
      if (violations.length < VIOLATIONS_MAX) violations.push(`record ${seq}: ${invariant}. ${wrong}`);
  }
  return { records: count, judged, violations, divergences, met: watch.met };
}
