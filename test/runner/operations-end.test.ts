import { expect, test } from 'vitest';
import type { Clock } from '../../src/effects/index.js';
import type { Host } from '../../src/runner/host/host.js';
import { Operations } from '../../src/runner/changes/operations.js';

/** A store in memory, and a time that passes when told. */
function pendingCalls() {
  const open = new Set<number>();
  const told: string[] = [];
  const timers = new Set<() => void>();
  let last = 0;
  const clock = {
    setTimeout: (work: () => void) => (timers.add(work), work),
    clearTimeout: (work: () => void) => timers.delete(work),
    wallMs: () => 0,
  } as unknown as Clock;
  const journal = {
    begin: () => Promise.resolve((open.add(++last), last)),
    isUnderWay: (id: number) => open.has(id),
    end: (id: number) => Promise.resolve(void open.delete(id)),
  };
  const audit = { append: ({ outcome }: { outcome: string }) => Promise.resolve(void told.push(outcome)) };
  const operations = new Operations({ services: { clock, journal, audit } } as unknown as Host, 'somebody');
  return { operations, open, told, timers };
}

const never = (): Promise<never> => new Promise(() => undefined);

test('all have ended once the last one is told in the store, however it ended', async () => {
  const { operations, open, told } = pendingCalls();
  const failed = operations
    .run({ what: 'stop', subject: 'a@1' }, () => Promise.reject(new Error('no')))
    .catch(() => 'failed');
  void operations.run({ what: 'start', subject: 'b@1' }, () => Promise.resolve('done'));
  await operations.allEnded(new AbortController().signal);
  expect([open.size, told.sort(), await failed]).toEqual([0, ['done', 'failed'], 'failed']);
});

test('who hurries waits a moment for one that never ends, and no longer', async () => {
  const { operations, open, timers } = pendingCalls();
  void operations.prepare({ what: 'install', subject: 'gone.zip' }, never);
  const hurried = new AbortController();
  const ended = operations.allEnded(hurried.signal);
  expect(timers.size).toBe(0);
  hurried.abort();
  for (const fire of timers) fire();
  await ended;
  expect([open.size, timers.size]).toEqual([1, 0]);
});

test('whoever hurries when all have ended arms no timer', async () => {
  const { operations, timers } = pendingCalls();
  const hurried = new AbortController();
  await operations.allEnded(hurried.signal);
  hurried.abort();
  expect(timers.size).toBe(0);
});
