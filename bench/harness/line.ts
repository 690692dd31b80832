import { median, pairwise, spreadOf } from './statistics.js';
import type { Spread } from './statistics.js';

export type Unit = 'µs' | 'ms' | 'calls/s' | 'MiB' | 'bytes';

/** What the goal is about: ours ÷ floor, ours − floor, or ours alone. */
export type Judged = 'ratio' | 'difference' | 'value';

export interface Goal {
  readonly judged: Judged;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
}

/** One line of the table before it is measured. */
export interface LineSpec {
  readonly name: string;
  readonly title: string;
  /** What stands on the other side. */
  readonly floorTitle: string;
  readonly unit: Unit;
  readonly goal: Goal;
}

/** Medians over the rounds; `judged` is the median of each round's own comparison, `spread` is that comparison's. */
export interface Measurement {
  readonly value: number;
  readonly floor: number | null;
  readonly judged: number;
  readonly ratio: number | null;
  readonly spread: Spread | null;
  readonly rounds: number;
}

/** A line as it is printed; the names of the JSON form. */
export interface Line extends Omit<Measurement, 'value'> {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  /** null: it could not be measured here; `note` says why. */
  readonly value: number | null;
  readonly goal: number;
  readonly goal_text: string;
  readonly met: boolean;
  readonly pinned: boolean;
  readonly unpinned: Measurement | null;
  readonly note: string | null;
}

/** @param ours and @param floor one value per round, in the order of the rounds */
export function measured({ goal }: LineSpec, ours: readonly number[], floor: readonly number[]): Measurement {
  const ratios = pairwise(ours, floor, (a, b) => a / b);
  const compared = goal.judged === 'difference' ? pairwise(ours, floor, (a, b) => a - b) : ratios;
  return {
    value: median(ours),
    floor: median(floor),
    judged: median(compared),
    ratio: median(ratios),
    spread: spreadOf(compared),
    rounds: ours.length,
  };
}

/** A value that stands for itself and was taken once. */
export const measuredAlone = (value: number): Measurement => ({
  value,
  floor: null,
  judged: value,
  ratio: null,
  spread: null,
  rounds: 1,
});

export function judge(
  spec: LineSpec,
  measurement: Measurement,
  more: { readonly pinned: boolean; readonly unpinned: Measurement | null; readonly note: string | null },
): Line {
  const { goal, name, title, unit } = spec;
  const met = goal.bound === 'at most' ? measurement.judged <= goal.limit : measurement.judged >= goal.limit;
  return { name, title, unit, ...measurement, goal: goal.limit, goal_text: goalText(spec), met, ...more };
}

/** A line that could not be measured is a missed one. */
export const notMeasured = (spec: LineSpec, note: string): Line => ({
  ...judge(spec, measuredAlone(NaN), { pinned: false, unpinned: null, note }),
  value: null,
  judged: NaN,
});

function goalText({ goal: { judged, bound, limit }, unit }: LineSpec): string {
  const sign = bound === 'at most' ? '≤' : '≥';
  switch (judged) {
    case 'ratio':
      return `${sign} ${limit}`;
    case 'difference':
      return `${sign} floor + ${limit} ${unit}`;
    case 'value':
      return `${sign} ${limit} ${unit}`;
  }
}
