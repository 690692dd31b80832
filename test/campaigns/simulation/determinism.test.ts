import { expect, test } from 'vitest';
import { Day } from './day.js';
import { planOf } from './plan.js';

/** The first two minutes will do: between processes whole days are compared (days.test.ts). */
const hashOf = async (seed: number): Promise<string> =>
  (await new Day({ ...planOf(seed), endMs: 120_000 }, { shortened: true }).live()).hash;

test('a seed has the same trace, twice in one process', async () => {
  expect(await hashOf(41)).toBe(await hashOf(41));
});

test('another seed has another trace', async () => {
  expect(await hashOf(41)).not.toBe(await hashOf(42));
});

test('nothing of the host gets in: neither its clocks nor its chances', async () => {
  const hash = await hashOf(43);
  const { now } = Date;
  const { random } = Math;
  const monotonic = performance.now.bind(performance);
  Date.now = () => now() + 86_400_000;
  Math.random = () => 0.123;
  performance.now = () => monotonic() * 3;
  try {
    expect(await hashOf(43)).toBe(hash);
  } finally {
    Date.now = now;
    Math.random = random;
    performance.now = monotonic;
  }
});
