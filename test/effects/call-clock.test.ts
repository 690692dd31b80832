import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallClock } from '../../src/effects/os-process/call-clock.js';

let overdue: number[] = [];
let clock: CallClock;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
  overdue = [];
  clock = new CallClock((callId) => overdue.push(callId));
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);
/** What could be read is read first: immediates, each of which takes a millisecond of fake time. */
const READING_MS = 2;

describe('the deadline of the call in flight', () => {
  test('passes once, at its time', () => {
    clock.start(7, 100);
    pass(99);
    expect(overdue).toEqual([]);
    pass(1 + READING_MS);
    expect(overdue).toEqual([7]);
    pass(1000);
    expect(overdue).toEqual([7]);
  });

  test('is not passed by a call that was answered', () => {
    clock.start(7, 100);
    pass(50);
    clock.stop();
    pass(1000);
    expect(overdue).toEqual([]);
  });

  test('of the next call counts from its own start, though the timer is still that of the one before', () => {
    clock.start(7, 100);
    pass(90);
    clock.stop();
    clock.start(8, 100);
    pass(99);
    expect(overdue).toEqual([]);
    pass(1 + READING_MS);
    expect(overdue).toEqual([8]);
  });

  test('may be earlier than that of the one before', () => {
    clock.start(7, 10_000);
    clock.stop();
    clock.start(8, 50);
    pass(50 + READING_MS);
    expect(overdue).toEqual([8]);
  });

  test('is forgotten when the process is gone', () => {
    clock.start(7, 100);
    clock.dispose();
    expect(vi.getTimerCount()).toBe(0);
    pass(1000);
    expect(overdue).toEqual([]);
  });

  test('costs one timer, however many calls there are', () => {
    const armed = vi.spyOn(globalThis, 'setTimeout');
    for (let callId = 1; callId <= 1000; callId++) {
      clock.start(callId, 100);
      pass(0.01);
      clock.stop();
    }
    const deadlines = armed.mock.calls.filter(([, ms]) => ms === 100);
    expect(deadlines).toHaveLength(1);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(2); // and one for all that looks whether the host runs, where none does yet
  });
});
