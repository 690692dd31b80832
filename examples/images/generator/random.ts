/**
 * Seeded chance: the same seed gives the same numbers, today and next year.
 *
 * INVARIANTS
 * - no clock, no Math.random: a seed is the only input
 * - only integer arithmetic and one division, so that results do not depend on the host's floating-point library
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [min, max). */
  between(min: number, max: number): number;
  /** Uniform integer in [min, max]. */
  integer(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** `count` different items, in their given order. */
  sample<T>(items: readonly T[], count: number): T[];
  /** Roughly normal, mean 0, deviation 1 (sum of uniforms: no logarithm, hence the same bits everywhere). */
  normal(): number;
}

/** sfc32: 128 bits of state, well distributed, quick. */
export function createRandom(seed: number): Random {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Neighbouring seeds start alike; a few rounds part them.
  for (let round = 0; round < 16; round++) next();

  const between = (min: number, max: number): number => min + (max - min) * next();
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError('pick() needs at least one item');
      return item;
    },
    sample: (items, count) => {
      const left = items.map((_, index) => index);
      const chosen = new Set<number>();
      while (chosen.size < Math.min(count, items.length)) {
        for (const index of left.splice(integer(0, left.length - 1), 1)) chosen.add(index);
      }
      return items.filter((_, index) => chosen.has(index));
    },
    normal: () => (next() + next() + next() + next() + next() + next() - 3) * Math.SQRT2,
  };
}
