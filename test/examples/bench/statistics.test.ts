import { describe, expect, test } from 'vitest';
import { judge, measured } from '../../../bench/harness/line.js';
import type { LineSpec } from '../../../bench/harness/line.js';
import { median, pairwise, quantile, spreadOf } from '../../../bench/harness/statistics.js';

const spec = (goal: LineSpec['goal']): LineSpec => ({ name: 'x', title: 'x', floorTitle: 'y', unit: 'µs', goal });
const alone = { pinned: false, unpinned: null, note: null };

describe('quantiles of a sample', () => {
  test('the median of an odd number of values is the middle one, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  test('the median of an even number of values lies between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('quartiles lie between neighbours in proportion, as NumPy and R have them', () => {
    expect(spreadOf([1, 2, 3, 4])).toEqual({ q1: 1.75, q3: 3.25, min: 1, max: 4 });
  });

  test('values are ordered as numbers, not as text', () => {
    expect(quantile([10, 9, 100, 1], 1)).toBe(100);
  });

  test('the sample stays as it was', () => {
    const sample = [3, 1, 2];
    median(sample);
    expect(sample).toEqual([3, 1, 2]);
  });

  test('a quantile of no values is refused', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a comparison of two sides', () => {
  test('is the median of the rounds’ own ratios, so that a machine that slows down changes nothing', () => {
    const floor = [10, 20, 30];
    const ours = [20, 40, 60];
    const { ratio, spread } = measured(spec({ judged: 'ratio', bound: 'at most', limit: 2 }), ours, floor);
    expect(ratio).toBe(2);
    expect(spread).toEqual({ q1: 2, q3: 2, min: 2, max: 2 });
  });

  test('is not the ratio of the medians', () => {
    const { ratio } = measured(spec({ judged: 'ratio', bound: 'at most', limit: 2 }), [10, 10, 40], [10, 5, 10]);
    expect(ratio).toBe(2);
  });

  test('refuses sides that ran different numbers of rounds', () => {
    expect(() => pairwise([1, 2], [1], (a, b) => a / b)).toThrow(RangeError);
  });
});

describe('a goal', () => {
  const lineOf = (goal: LineSpec['goal'], ours: number[], floor: number[]) =>
    judge(spec(goal), measured(spec(goal), ours, floor), alone);

  test('“at most” is met at its limit and missed beyond', () => {
    const goal = { judged: 'ratio', bound: 'at most', limit: 2 } as const;
    expect(lineOf(goal, [20], [10]).met).toBe(true);
    expect(lineOf(goal, [21], [10]).met).toBe(false);
  });

  test('“at least” is met at its limit and missed below', () => {
    const goal = { judged: 'ratio', bound: 'at least', limit: 0.5 } as const;
    expect(lineOf(goal, [5], [10]).met).toBe(true);
    expect(lineOf(goal, [4], [10]).met).toBe(false);
  });

  test('about a difference looks at what is added, and still shows the ratio', () => {
    const goal = { judged: 'difference', bound: 'at most', limit: 50 } as const;
    const line = lineOf(goal, [90], [45]);
    expect(line).toMatchObject({ met: true, judged: 45, ratio: 2, goal: 50, goal_text: '≤ +50 µs' });
  });

  test('is missed by a line that could not be measured, which says why', () => {
    const line = judge(spec({ judged: 'ratio', bound: 'at most', limit: 2 }), null, {
      ...alone,
      note: 'no NumPy here',
    });
    expect(line).toMatchObject({
      value: null,
      ratio: null,
      met: false,
      note: 'no NumPy here',
    });
  });

  test('is not missed by a figure that has none, measured or not', () => {
    const figure = judge(spec(null), measured(spec(null), [20], [10]), alone);
    expect(figure).toMatchObject({ value: 20, ratio: 2, goal: null, met: null, goal_text: '–' });
    expect(judge(spec(null), null, alone)).toMatchObject({ value: null, met: null });
  });
});
