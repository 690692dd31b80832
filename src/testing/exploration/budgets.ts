import type { Budget } from './scenario.js';

const BITS = 5;
const MASK = (1 << BITS) - 1;
/** So many purses fit into a whole number. */
const PURSES_MAX = 6;

/** Budgets packed into whole numbers: how often each thing may still happen. */
export class Budgets {
  readonly start: number;
  readonly #shifts: ReadonlyMap<string, number>;

  constructor(budget: Budget) {
    const purses = Object.entries(budget);
    if (purses.length > PURSES_MAX) throw new Error(`a budget may have ${PURSES_MAX} purses at most`);
    this.#shifts = new Map(purses.map(([name], i) => [name, i * BITS]));
    this.start = purses.reduce((packed, [, left], i) => packed | (left << (i * BITS)), 0);
  }

  has(packed: number, purse: string): boolean {
    const shift = this.#shifts.get(purse);
    return shift !== undefined && ((packed >> shift) & MASK) > 0;
  }

  less(packed: number, purse: string): number {
    return packed - (1 << (this.#shifts.get(purse) ?? 0));
  }
}

/** What can be afforded with `b` can be afforded with `a`. */
export function covers(a: number, b: number): boolean {
  for (let shift = 0; shift < PURSES_MAX * BITS; shift += BITS)
    if (((a >> shift) & MASK) < ((b >> shift) & MASK)) return false;
  return true;
}
