import { INVARIANTS } from '../../machines/invariants/index.js';
import type { TraceRecord } from '../trace/index.js';
import { ReplayedSystem } from './replayed-system.js';
import type { Divergence } from './replayed-system.js';

/** What watching a whole trace brought. */
export interface Watched {
  readonly records: number;
  /** How often everything an outside event had set off was done, so that the invariants could be judged. */
  readonly judged: number;
  /** Sentences of what is wrong, each with the record it was found at; at most a hundred. */
  readonly violations: readonly string[];
  /** Records that do not lead where today's machines lead. */
  readonly divergences: readonly Divergence[];
  /** Numbers of the invariants whose premise came true. */
  readonly met: readonly number[];
}

/** A busy machine fires its timers late. */
const LATE_MS = 5_000;
const VIOLATIONS_MAX = 100;

/** Steps the machines over a recorded history and holds every invariant of the architecture against it. */
export async function watchTrace(records: AsyncIterable<TraceRecord>, lateMs = LATE_MS): Promise<Watched> {
  const system = new ReplayedSystem();
  const memories = INVARIANTS.map(({ start }) => start);
  const met = new Set<number>();
  const violations: string[] = [];
  let count = 0;
  let judged = 0;
  for await (const record of records) {
    count += 1;
    const seen = system.take(record);
    if (seen === null) continue;
    judged += 1;
    const view = system.view(lateMs);
    for (const [i, invariant] of INVARIANTS.entries()) {
      const judgement = invariant.watch(memories[i], seen, view);
      memories[i] = judgement.memory;
      if (judgement.met) met.add(invariant.number);
      for (const wrong of judgement.wrong)
        if (violations.length < VIOLATIONS_MAX) violations.push(`record ${record.seq}: ${invariant.number}. ${wrong}`);
    }
  }
  return { records: count, judged, violations, divergences: system.divergences, met: [...met].sort((a, b) => a - b) };
}
