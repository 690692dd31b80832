import { describe, expect, test } from 'vitest';
import { HostClock, SimulatedClock } from './clock.js';

describe('the simulated clock', () => {
  test('fires what is due first, and what was armed first among equals', () => {
    const time = new SimulatedClock(0);
    const fired: string[] = [];
    time.setTimeout(() => fired.push(`b at ${time.nowMs()}`), 20);
    time.setTimeout(() => fired.push(`a at ${time.nowMs()}`), 10);
    time.setTimeout(() => fired.push(`c at ${time.nowMs()}`), 20);
    while (time.fireNext());
    expect(fired).toEqual(['a at 10', 'b at 20', 'c at 20']);
  });

  test('keeps that order among many', () => {
    const time = new SimulatedClock(0);
    const fired: number[] = [];
    for (let i = 0; i < 500; i++) {
      const ms = (i * 7919) % 101;
      time.setTimeout(() => fired.push(ms), ms);
    }
    while (time.fireNext());
    expect(fired).toEqual(fired.toSorted((a, b) => a - b));
    expect(fired).toHaveLength(500);
  });

  test('does not fire what was cleared', () => {
    const time = new SimulatedClock(0);
    const timer = time.setTimeout(() => expect.unreachable(), 5);
    time.clearTimeout(timer);
    expect(time.fireNext()).toBe(false);
  });

  test('reaches a deadline that is waited for bit by bit', () => {
    const time = new SimulatedClock(0);
    time.setTimeout(() => undefined, 0.1 + 0.2);
    time.fireNext();
    const dueMs = time.nowMs() + 300;
    let looks = 0;
    const look = (): void => {
      looks += 1;
      if (time.nowMs() < dueMs) time.setTimeout(look, dueMs - time.nowMs());
    };
    time.setTimeout(look, 299.9999);
    while (time.fireNext());
    expect(time.nowMs()).toBe(dueMs);
    expect(looks).toBeLessThan(4);
  });

  test('when somebody sets the calendar, the monotonic time does not know', () => {
    const time = new SimulatedClock(1_000_000);
    time.setTimeout(() => time.setWallBy(-500_000), 10);
    time.fireNext();
    expect([time.nowMs(), time.wallMs()]).toEqual([10, 500_010]);
  });

  test('nothing happens any more on a host that is gone', () => {
    const time = new SimulatedClock(0);
    const host = new HostClock(time);
    host.setTimeout(() => expect.unreachable(), 5);
    expect(host.armed).toBe(1);
    host.die();
    expect(time.fireNext()).toBe(false);
  });
});
