import { describe, expect, test } from 'vitest';
import { inside, touching } from '../../../bench/harness/spans.js';

const WINDOWS = [
  { fromMs: 10, toMs: 20 },
  { fromMs: 40, toMs: 50 },
];

describe('calls in the windows of a measurement', () => {
  test('are inside when they began and ended in the same window, its edges included', () => {
    const calls = [
      { fromMs: 10, toMs: 20 },
      { fromMs: 41, toMs: 42 },
    ];
    expect(inside(calls, WINDOWS)).toEqual(calls);
  });

  test('are not inside when they reach beyond it, or from one window into the next', () => {
    const calls = [
      { fromMs: 9, toMs: 11 },
      { fromMs: 19, toMs: 21 },
      { fromMs: 15, toMs: 45 },
      { fromMs: 30, toMs: 31 },
    ];
    expect(inside(calls, WINDOWS)).toEqual([]);
  });

  test('are touched by a window that began or ended while they ran, once each', () => {
    const calls = [
      { fromMs: 9, toMs: 11 },
      { fromMs: 19, toMs: 21 },
      { fromMs: 15, toMs: 45 },
      { fromMs: 5, toMs: 60 },
    ];
    expect(touching(calls, WINDOWS)).toEqual(calls);
  });

  test('are not touched by a window that begins as they end, or ends as they begin', () => {
    const calls = [
      { fromMs: 5, toMs: 10 },
      { fromMs: 20, toMs: 40 },
    ];
    expect(touching(calls, WINDOWS)).toEqual([]);
  });
});
