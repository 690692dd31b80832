import { MACHINES } from '../../../machines/index.js';
import { mutantsOf } from './mutants.js';
import type { Mutant } from './mutants.js';

/** Every mutant of every machine, always in the same order. */
export const allMutants = (): readonly Mutant[] => MACHINES.flatMap((machine) => mutantsOf(machine));

/** So many of them, drawn by the seed, in the order they are drawn: a campaign cut short has seen some of all. */
export function drawn(mutants: readonly Mutant[], limit: number | null, seed: number): readonly Mutant[] {
  const chance = numbersFrom(seed);
  const lots = mutants.map((mutant) => ({ mutant, lot: chance() }));
  const inOrder = lots.toSorted((a, b) => a.lot - b.lot).map(({ mutant }) => mutant);
  return limit === null ? inOrder : inOrder.slice(0, limit);
}

/** Mulberry32. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
