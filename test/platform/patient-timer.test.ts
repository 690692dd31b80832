import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AwakeTime } from '../../src/platform/awake-time.js';
import { PatientTimer } from '../../src/platform/patient-timer.js';
import { systemClock } from '../../src/platform/index.js';

/** Holds the event loop. */
function hold(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

describe('a timer of the host', () => {
  test('fires once what came in before it was due has been read, however long the loop was held', async () => {
    const order: string[] = [];
    const child = spawn('/bin/sh', ['-c', 'read go; echo answer; read end'], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdout.on('data', () => order.push('answer'));
    child.stdin.write('go\n');
    const fired = new Promise<void>(
      (resolve) => void systemClock.setTimeout(() => (order.push('timer'), resolve()), 60),
    );
    hold(150);
    await fired;
    expect(order).toEqual(['answer', 'timer']);
    child.stdin.end();
    await once(child, 'exit');
  });

  test('is not fired once it was cleared, though it was due already', async () => {
    let fired = false;
    const timer = systemClock.setTimeout(() => (fired = true), 1);
    setImmediate(() => systemClock.clearTimeout(timer));
    hold(5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(fired).toBe(false);
  });
});

describe('time in which the host did not run', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** The clock goes on and no timer fires. */
  const freeze = (ms: number): void => {
    const nowMs = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs + ms);
    vi.advanceTimersByTime(0);
  };

  test('does not count', () => {
    const awake = new AwakeTime();
    awake.watch();
    const beganMs = awake.nowMs();
    vi.advanceTimersByTime(1_000);
    expect(awake.nowMs() - beganMs).toBe(1_000);
    freeze(60_000);
    expect(awake.nowMs() - beganMs).toBeLessThanOrEqual(1_500);
    awake.unwatch();
    expect(awake.nowMs() - beganMs).toBeLessThanOrEqual(1_500);
    vi.restoreAllMocks();
  });

  test('leaves a timer as much of its time as it had', () => {
    let nowMs = 0;
    let firedMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const pass = (ms: number): void => {
      for (let i = 0; i < ms; i += 10) {
        nowMs += 10;
        vi.advanceTimersByTime(10);
      }
    };
    new PatientTimer(new AwakeTime(), () => (firedMs = nowMs), 3_000);
    pass(1_000);
    nowMs += 10_000; // everybody was frozen
    pass(1_400);
    expect(firedMs).toBe(0);
    pass(5_000);
    expect(firedMs).toBeGreaterThanOrEqual(12_400);
    vi.restoreAllMocks();
  });

  test('does not put a timer off for ever', () => {
    const awake = new AwakeTime();
    let fired = false;
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    new PatientTimer(awake, () => (fired = true), 1_000);
    for (let i = 0; i < 40; i += 1) {
      nowMs += 60_000; // frozen again and again
      vi.advanceTimersByTime(1_000);
    }
    expect(fired).toBe(true);
    vi.restoreAllMocks();
  });

  test('a timer may be longer than those of Node can be', () => {
    const armed = vi.spyOn(globalThis, 'setTimeout');
    const timer = new PatientTimer(new AwakeTime(), () => undefined, 2 ** 31 + 5);
    expect(armed.mock.calls.every(([, ms = 0]) => ms < 2 ** 31)).toBe(true);
    timer.clear();
    vi.restoreAllMocks();
  });
});
