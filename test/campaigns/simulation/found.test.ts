import { expect, test } from 'vitest';
import { Day } from './day.js';
import { planOf } from './plan.js';

/** What days of the simulation have brought to light: the seeds that showed it. */
const FOUND = [
  [37, 'a Runner that has ended refuses what it is still asked for, and throws nothing at its host'],
  [1_005_870, 'a Runner frees its store only when every operation is told there, however it ended'],
  [3_000_004, 'whoever hurries a Runner that has ended leaves no timer'],
  [53, 'a forced uninstall that the end of the Runner overtakes is refused'],
] as const;

test.each(FOUND)('seed %i: %s', async (seed) => {
  expect((await new Day(planOf(seed)).live()).violations).toEqual([]);
});
