import { beforeAll, expect, test } from 'vitest';
import type { TraceRecord } from '../../src/api/trace.js';
import type { Runner } from '../../src/index.js';
import { rogueZip, stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, station, told } from './support/station.js';
import { of, traceOnce } from './support/trace.js';

let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ restart: { breakerLosses: 1000, immediateRestarts: 1000 } });
  await runner.install(stationZip());
  await runner.install(rogueZip({ name: 'stray', manifest: { supported_pids: ['S01'] } }, 'replies_to_nobody'));
  await runner.activate(station(1), ['A01']);
  await runner.activate('stray@1.0.0', ['S01']);
});

const dropsOf = (records: readonly TraceRecord[], release: string) =>
  of(records, `package/${release}/process/1`).flatMap(({ event, data }) => (event === 'reply.dropped' ? [data] : []));

test('a second reply to a call is dropped and recorded as a duplicate; the first one counts', async () => {
  const result = await call(runner, 'A01', 'twice');
  expect(told(result).attempt).toBe(1);
  const drops = dropsOf(await traceOnce(runner, (all) => dropsOf(all, station(1)).length > 0), station(1));
  expect(drops).toEqual([{ requestId: `${result.callId}`, reason: 'duplicate' }]);
});

test('a second reply to a failed attempt is not taken for the answer of the next one', async () => {
  const seen = dropsOf(await traceOnce(runner, () => true), station(1)).length;
  // The first attempt answers twice: with the error that is tried again, and with an OK that comes too late.
  const result = await call(runner, 'A01', 'fail and answer x1; sleep 50');
  expect(told(result).attempt).toBe(2);
  expect(result.failedAttempts).toMatchObject([{ outcome: 'error' }]);
  const all = await traceOnce(runner, (records) => dropsOf(records, station(1)).length > seen);
  expect(dropsOf(all, station(1)).at(-1)).toMatchObject({ reason: 'duplicate' });
});

test('a reply that came in time counts, also when the host was held up beyond the deadline and reads it later', async () => {
  const pending = call(runner, 'A01', 'sleep 200', { timeoutMs: 1000, retries: 0 });
  // Held up in this phase of its loop, the host looks at timers first when it goes on, and at what processes said next.
  setImmediate(holdUp, 2000);
  expect(await pending).toMatchObject({ status: 'OK' });
});

test('a reply to a call that nobody made is dropped and recorded as unknown', async () => {
  expect(await call(runner, 'S01')).toMatchObject({ status: 'OK' });
  const drops = dropsOf(await traceOnce(runner, (all) => dropsOf(all, 'stray@1.0.0').length > 1), 'stray@1.0.0');
  expect(drops[0]).toEqual({ requestId: 'nobody asked', reason: 'unknown' });
});

const holdUp = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
