import { median, pairwise, spreadOf } from './statistics.js';
import type { Spread } from './statistics.js';

export type Unit = 'µs' | 'ms' | 'calls/s' | 'MiB' | 'bytes';

/** What a goal is about: ours ÷ floor, ours − floor, or ours alone. */
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
  /** Null: a figure worth knowing, with nothing to judge it by. */
  readonly goal: Goal | null;
}

/** Medians over the rounds. `judged` is the median of each round's own comparison, and `spread` that comparison's. */
export interface Measurement {
  readonly value: number;
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly judged: number;
  readonly spread: Spread | null;
  readonly rounds: number;
}

/** A line as it is printed, in the names of the JSON form. What could not be measured is null, and `note` says why. */
export interface Line {
  readonly name: string;
  readonly title: string;
  readonly floor_title: string;
  readonly unit: Unit;
  readonly value: number | null;
  readonly floor: number | null;
  readonly ratio: number | null;
  /** Null, like `met`, for a figure that has none. */
  readonly goal: number | null;
  readonly goal_text: string;
  readonly met: boolean | null;
  readonly judged_by: Judged;
  readonly judged: number | null;
  readonly spread: Spread | null;
  readonly rounds: number;
  /** Whether both ends shared one core. */
  readonly pinned: boolean;
  readonly unpinned: Measurement | null;
  readonly note: string | null;
}

/** @param ours and @param floor one value per round, in the order of the rounds */
export function measured({ goal }: LineSpec, ours: readonly number[], floor: readonly number[]): Measurement {
  const ratios = comparedBy('ratio', ours, floor);
  const compared = comparedBy(goal?.judged ?? 'ratio', ours, floor);
  return {
    value: median(ours),
    floor: median(floor),
    ratio: median(ratios),
    judged: median(compared),
    spread: spreadOf(compared),
    rounds: ours.length,
  };
}

function comparedBy(judged: Judged, ours: readonly number[], floor: readonly number[]): readonly number[] {
  switch (judged) {
    case 'ratio':
      return pairwise(ours, floor, (a, b) => a / b);
    case 'difference':
      return pairwise(ours, floor, (a, b) => a - b);
    case 'value':
      return ours;
  }
}

/** A value that stands for itself and was taken once. */
export const measuredAlone = (value: number): Measurement => ({
  value,
  floor: null,
  ratio: null,
  judged: value,
  spread: null,
  rounds: 1,
});

const NOTHING = { value: null, floor: null, ratio: null, judged: null, spread: null, rounds: 0 };

/** @param measurement null: it could not be measured, which is a goal missed */
export function judge(
  spec: LineSpec,
  measurement: Measurement | null,
  more: Pick<Line, 'pinned' | 'unpinned' | 'note'>,
): Line {
  const { goal, name, title, floorTitle, unit } = spec;
  return {
    name,
    title,
    floor_title: floorTitle,
    unit,
    ...(measurement ?? NOTHING),
    goal: goal?.limit ?? null,
    goal_text: goal === null ? '–' : goalText(goal, unit),
    met: goal === null ? null : measurement !== null && isMet(goal, measurement.judged),
    judged_by: goal?.judged ?? 'ratio',
    ...more,
  };
}

const isMet = ({ bound, limit }: Goal, judged: number): boolean =>
  bound === 'at most' ? judged <= limit : judged >= limit;

function goalText({ judged, bound, limit }: Goal, unit: Unit): string {
  const sign = bound === 'at most' ? '≤' : '≥';
  switch (judged) {
    case 'ratio':
      return `${sign} ${limit}`;
    case 'difference':
      return `${sign} +${limit} ${unit}`;
    case 'value':
      return `${sign} ${limit} ${unit}`;
  }
}
