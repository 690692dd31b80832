import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallOptions, CallResult, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { attemptsSeen, call, failed, station } from './support/station.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store: layout.root,
    queueLimit: 3,
    releases: { hasty: { timings: { waitMs: 200 } } },
  });
  await runner.install(stationZip({ manifest: { supported_pids: ['A01', 'B01'] } }));
  await runner.install(stationZip({ name: 'hasty', manifest: { supported_pids: ['H01'] } }));
  await runner.activate(station(1), ['A01', 'B01']);
  await runner.activate('hasty@1.0.0', ['H01']);
});

describe('calls that wait', () => {
  /** Calls of the PIDs, made in this order at once; the PIDs in the order in which they were served. */
  async function served(pids: readonly string[]): Promise<string[]> {
    const order: string[] = [];
    const made = pids.map(async (pid, i) => {
      await call(runner, pid, 'sleep 30');
      order.push(`${pid} ${i}`);
    });
    await Promise.all(made);
    return order;
  }

  test('of one PID are served in the order they came', async () => {
    expect(await served(['A01', 'A01', 'A01', 'A01'])).toEqual(['A01 0', 'A01 1', 'A01 2', 'A01 3']);
  });

  test('of a PID that calls seldom do not wait for all of one that calls often', async () => {
    const order = await served(['A01', 'A01', 'A01', 'B01']);
    expect(order.indexOf('B01 3')).toBeLessThan(order.indexOf('A01 2'));
    expect(order.indexOf('A01 1')).toBeLessThan(order.indexOf('A01 2'));
  });

  test('beyond the limit of the release are refused at once, with the time to try again', async () => {
    const calls = ['A01', 'B01', 'A01', 'B01'].map((pid) => call(runner, pid, 'sleep 60'));
    let answered = 0;
    for (const made of calls) void made.finally(() => (answered += 1));
    const refusal = await refusalOf(call(runner, 'A01'));
    expect(answered).toBe(0);
    expect(refusal).toMatchObject({ code: '3007', faultName: 'queue_full' });
    const { retry_after_ms: retryAfterMs } = refusal.details;
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThan(60_000);
    expect(refusal.hint).toContain(`${String(retryAfterMs)} ms`);
    for (const result of await Promise.all(calls)) expect(result).toMatchObject({ status: 'OK' });
  });

  test('have a queue for each release: one that is full hinders no other', async () => {
    const calls = [1, 2, 3, 4].map(() => call(runner, 'A01', 'sleep 60'));
    expect(await refusalOf(call(runner, 'A01'))).toMatchObject({ code: '3007' });
    expect(await call(runner, 'H01')).toMatchObject({ status: 'OK' });
    await Promise.all(calls);
  });
});

describe('the time a call waits and the time it runs', () => {
  test('are counted apart: what it waited does not shorten what it may run', async () => {
    const options: CallOptions = { timeoutMs: 1000, retries: 0 };
    const results = await Promise.all([1, 2, 3, 4].map(() => call(runner, 'A01', 'sleep 300', options)));
    for (const result of results) expect(result).toMatchObject({ status: 'OK' });
    expect(results.at(-1)?.latencyMs).toBeGreaterThan(1000);
  });

  test('end it each by its own deadline: one that waited too long never ran', async () => {
    let isRunning = true;
    const running = call(runner, 'H01', 'sleep 800', { retries: 0 }).finally(() => (isRunning = false));
    const result = failed(await call(runner, 'H01', 'OK', { retries: 0 }));
    expect(isRunning).toBe(true);
    expect(result).toMatchObject({ outcome: 'timed_out', fault: { code: '1005' } });
    expect(result.fault.message).toContain('waited 200 ms');
    expect(result.latencyMs).toBeGreaterThan(195);
    expect(attemptsSeen(layout, result)).toBe(0);
    expect(await running).toMatchObject({ status: 'OK' });
  });
});

describe('the total deadline', () => {
  /** How late a busy machine may be; nothing here lasts so long by itself. */
  const LATE_MS = 5000;
  const endsAt = (result: CallResult, deadlineMs: number): void => {
    expect(failed(result)).toMatchObject({ outcome: 'timed_out', fault: { code: '1005' } });
    expect(failed(result).fault.message).toContain('total deadline');
    expect(result.latencyMs).toBeGreaterThan(deadlineMs - 5);
    expect(result.latencyMs).toBeLessThan(deadlineMs + LATE_MS);
  };

  test('covers all attempts together', async () => {
    const options = { retries: 100, deadlineMs: 750 };
    const result = await call(runner, 'A01', 'sleep 100; error RecoverableError', options);
    endsAt(result, 750);
    expect(result.failedAttempts.length).toBeGreaterThanOrEqual(1);
    expect(result.failedAttempts.length).toBeLessThanOrEqual(7);
    expect(attemptsSeen(layout, result)).toBe(result.failedAttempts.length + 1);
  });

  test('covers the time it waits', async () => {
    const running = call(runner, 'A01', 'sleep 1000');
    const result = await call(runner, 'A01', 'OK', { deadlineMs: 150 });
    endsAt(result, 150);
    expect(attemptsSeen(layout, result)).toBe(0);
    expect(await running).toMatchObject({ status: 'OK' });
  });

  test('ends a call that runs, which its process may finish: the next one waits for that and is served by it', async () => {
    endsAt(await call(runner, 'A01', 'sleep 300', { deadlineMs: 100 }), 100);
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK', failedAttempts: [] });
  });
});
