import type { CallCounts, KillPoint } from '../programs/plan.js';
import { kindsOf, whensOf } from './point.js';
import type { CallKind, Point } from './point.js';
import { oneOf, shuffled } from './random.js';
import type { Random } from './random.js';

/** What one uncut run of an operation, and of the start after it was cut short, consisted of. */
export interface Recording {
  readonly operation: string;
  readonly weight: number;
  readonly calls: CallCounts;
  readonly recovery: CallCounts;
}

/** How long after its start the Runner is killed while a child is at work. */
const CHILD_AT_WORK_MS = [0, 20, 100, 500, 1_500];
/** Before a child is spawned there is little to see. */
const CHILD_SHARE = 0.8;

/**
 * Points without end: operations in turn by their weight, and within each first every kind of call once, then kinds and
 * occurrences at random, so that few points already differ as much as they can.
 */
export function* drawPoints(
  recordings: readonly Recording[],
  random: Random,
  duringRecovery: boolean,
): Generator<Point, never> {
  const sources = recordings.map(({ operation, weight, calls, recovery }) => ({
    operation,
    weight,
    kills: deal(calls, random),
    recoveries: deal(recovery, random),
    given: 0,
  }));
  for (;;) {
    const next = sources.reduce((best, one) => (share(one) < share(best) ? one : best));
    next.given += 1;
    const recovery = duringRecovery ? killAt(next.recoveries.next().value, random) : null;
    yield { operation: next.operation, kill: killAt(next.kills.next().value, random), recovery };
  }
}

const share = ({ given, weight }: { readonly given: number; readonly weight: number }): number => (given + 1) / weight;

function* deal(calls: CallCounts, random: Random): Generator<CallKind, never> {
  const kinds = kindsOf(calls);
  yield* shuffled(kinds, random);
  for (;;) yield oneOf(kinds, random);
}

function killAt({ call, file, times }: CallKind, random: Random): KillPoint {
  const nth = 1 + Math.floor(random() * times);
  if (call === 'spawn' && random() < CHILD_SHARE)
    return { call, file, nth, when: 'after', afterMs: oneOf(CHILD_AT_WORK_MS, random) };
  const when = oneOf(whensOf(call), random);
  return { call, file, nth, when, afterMs: 0 };
}

/** Every point there is, for a program small enough. */
export function everyKill(calls: CallCounts): KillPoint[] {
  return kindsOf(calls).flatMap(({ call, file, times }) =>
    Array.from({ length: times }, (_, i) => i + 1).flatMap((nth) =>
      whensOf(call).map((when) => ({ call, file, nth, when, afterMs: 0 })),
    ),
  );
}
