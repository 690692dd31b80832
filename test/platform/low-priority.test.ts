import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LowPriority, spawnProcess, systemClock } from '../../src/platform/index.js';
import { eventually } from '../support/eventually.js';

const NEVER_MS = 60_000;
/** @param said what the kernel answers, in turn; the rest is accepted */
function kernel(...said: readonly ('set' | 'too_soon' | 'cannot')[]) {
  const asked: number[] = [];
  const set = (_osPid: number, nice: number) => {
    asked.push(nice);
    return said[asked.length - 1] ?? 'set';
  };
  return { asked, set };
}

/** Timers that fire when told to. */
function stoppedClock() {
  const due = new Map<number, () => void>();
  let last = 0;
  const setTimeout = (work: () => void) => {
    due.set(++last, work);
    return Object.assign(Object(last) as object, { id: last, unref: () => undefined });
  };
  const clearTimeout = (timer: unknown) => void due.delete((timer as { id: number } | undefined)?.id ?? 0);
  const fire = () => {
    for (const [id, work] of [...due]) if (due.delete(id)) work();
  };
  return { clock: { ...systemClock, setTimeout, clearTimeout }, due, fire };
}

describe('a process that comes up at low priority', () => {
  test.runIf(existsSync('/proc/self/autogroup'))('is back at that of others once it is raised', async () => {
    const child = await spawnProcess({ command: '/bin/cat', args: [], environment: {} });
    if (child.osPid === null) throw new Error(child.reason);
    const niceness = () => Number(/nice (-?\d+)/.exec(readFileSync(`/proc/${child.osPid}/autogroup`, 'latin1'))?.[1]);
    const gone = once(child.events, 'exit');
    const priority = new LowPriority(child.osPid, systemClock, NEVER_MS);
    expect(niceness()).toBe(10);
    priority.raise();
    await eventually(() => expect(niceness()).toBe(0));
    child.stdin.end();
    await gone;
  });

  test('is raised by itself when it takes long', () => {
    const { asked, set } = kernel();
    const { clock, fire, due } = stoppedClock();
    new LowPriority(1, clock, 100, set);
    fire();
    expect(asked).toEqual([10, 0]);
    expect(due.size).toBe(0);
  });

  test('is raised again and again until the kernel lets it', () => {
    const { asked, set } = kernel('set', 'too_soon', 'too_soon');
    const { clock, fire, due } = stoppedClock();
    new LowPriority(1, clock, 100, set).raise();
    fire();
    fire();
    expect(asked).toEqual([10, 0, 0, 0]);
    expect(due.size).toBe(0);
  });

  test('is left alone once it is gone, for its number may be another’s', () => {
    const { asked, set } = kernel();
    const { clock, fire } = stoppedClock();
    const priority = new LowPriority(1, clock, 100, set);
    priority.forget();
    priority.raise();
    fire();
    expect(asked).toEqual([10]);
  });

  test('stays as it is where the kernel does not keep such a value', () => {
    const { asked, set } = kernel('cannot');
    const { clock, due } = stoppedClock();
    new LowPriority(1, clock, 100, set).raise();
    expect(asked).toEqual([10]);
    expect(due.size).toBe(0);
  });
});
