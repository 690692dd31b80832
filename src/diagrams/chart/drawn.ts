import { holders, isWithin } from './chart.js';
import type { Chart, ChartTransition } from './chart.js';

/**
 * A transition as it is drawn: once for all states of a group that have the same one.
 *
 * INVARIANTS
 * - Every transition of the chart stands in exactly one of them.
 */
export interface Drawn extends ChartTransition {
  /** Indices of all transitions it stands for. */
  readonly all: readonly number[];
  /** Path of the group whose every state has it; else null. */
  readonly ofGroup: string | null;
}

/** What all states of a group do alike is said once, of the group. */
export function drawn(chart: Chart): readonly Drawn[] {
  const shared = new Map<number, Drawn>();
  for (const group of [...holders(chart)].sort((a, b) => a.length - b.length))
    for (const one of sharedIn(group, chart, shared)) for (const index of one.all) shared.set(index, one);
  const seen = new Set<Drawn>();
  return chart.transitions.flatMap((transition) => {
    const one = shared.get(transition.index) ?? { ...transition, all: [transition.index], ofGroup: null };
    if (seen.has(one)) return [];
    seen.add(one);
    return [one];
  });
}

function sharedIn(group: string, chart: Chart, taken: ReadonlyMap<number, Drawn>): readonly Drawn[] {
  const holding = holders(chart);
  const members = chart.states.filter(
    ({ path, kind }) => isWithin(path, group) && (kind === 'atomic' || kind === 'final' || !holding.has(path)),
  );
  const [first, ...others] = members.map(({ path }) =>
    chart.transitions.filter(({ from, index }) => from === path && !taken.has(index)),
  );
  if (first === undefined || others.length === 0) return [];
  return first.flatMap((one) => {
    const same = others.map((ones) => ones.find((other) => isSame(one, other)));
    const leaves = one.to === null || !isWithin(one.to, group);
    const everywhere = same.every((other) => other !== undefined);
    return leaves && everywhere
      ? [{ ...one, ofGroup: group, all: [one, ...same].flatMap((each) => (each === undefined ? [] : [each.index])) }]
      : [];
  });
}

const isSame = (one: ChartTransition, other: ChartTransition): boolean =>
  one.event === other.event &&
  one.to === other.to &&
  one.guard === other.guard &&
  one.otherwise === other.otherwise &&
  one.description === other.description &&
  one.actions.join() === other.actions.join();
