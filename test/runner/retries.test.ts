import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { TraceRecord } from '../../src/api/trace.js';
import type { Runner } from '../../src/index.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { attemptsSeen, call, failed, station, told } from './support/station.js';
import { traceOnce } from './support/trace.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const STATION = station(1);
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store,
    restart: { breakerLosses: 1000, immediateRestarts: 1000 },
    releases: { 'proud@1.0.0': { retries: 0 } },
  });
  await runner.install(stationZip());
  await runner.install(stationZip({ name: 'proud', manifest: { supported_pids: ['P01'] } }));
  await runner.install(stationZip({ name: 'keeper', manifest: { supported_pids: ['K01'], behaviour: KEEPS } }));
  await runner.activate(STATION, ['A01']);
  await runner.activate('proud@1.0.0', ['P01']);
  await runner.activate('keeper@1.0.0', ['K01']);
});

/** Does not hand sessions over. */
const KEEPS = { capabilities: ['info'] };

describe('a failure that another attempt may mend is tried again, up to twice', () => {
  test.each([
    ['RecoverableError', 'error RecoverableError x2', 'error'],
    ['the code 1005 of the algorithm', 'code 1005 x2', 'error'],
    ['the deadline of the attempt', 'sleep 9000 x2', 'timed_out'],
    ['an exit', 'exit 3 x2', 'lost'],
    ['a signal', 'signal SIGSEGV x2', 'lost'],
    ['a fault of the protocol', 'print x2', 'lost'],
  ])('%s', async (_what, orders, outcome) => {
    const result = await call(runner, 'A01', orders, orders.startsWith('sleep') ? { timeoutMs: 800 } : {});
    expect(told(result).attempt).toBe(3);
    expect(attemptsSeen(layout, result)).toBe(3);
    expect(result.failedAttempts).toMatchObject([{ outcome }, { outcome }]);
    for (const { fault } of result.failedAttempts) expect(fault?.message).toMatch(/\w/);
  });

  test('in the same process where that lives on, in another where it was lost', async () => {
    const { os_pid: osPid } = told(await call(runner, 'A01'));
    expect(told(await call(runner, 'A01', 'error RecoverableError x2')).os_pid).toBe(osPid);
    expect(told(await call(runner, 'A01', 'exit 3 x1')).os_pid).not.toBe(osPid);
  });

  test('and no further: the third failure is the outcome', async () => {
    const result = failed(await call(runner, 'A01', 'error RecoverableError'));
    expect(result).toMatchObject({ outcome: 'error', errorClass: 'RecoverableError' });
    expect(result.failedAttempts).toHaveLength(2);
    expect(attemptsSeen(layout, result)).toBe(3);
  });
});

describe('a failure that stands is not tried again', () => {
  test.each([
    ['GPUOutOfMemoryError', 'error GPUOutOfMemoryError'],
    ['ProgramError', 'error ProgramError'],
    ['an error of no class', 'code 1002'],
    ['an answer that breaks the contract', 'no reason'],
  ])('%s, and its process stays', async (_what, orders) => {
    const osPid = algorithmOf(layout, STATION);
    const result = failed(await call(runner, 'A01', orders));
    expect(result).toMatchObject({ outcome: 'error', failedAttempts: [] });
    expect(attemptsSeen(layout, result)).toBe(1);
    expect(told(await call(runner, 'A01')).os_pid).toBe(osPid);
  });

  test('FatalError, and its process is replaced', async () => {
    const osPid = algorithmOf(layout, STATION);
    const result = failed(await call(runner, 'A01', 'error FatalError'));
    expect(result).toMatchObject({ outcome: 'error', errorClass: 'FatalError', failedAttempts: [] });
    expect(attemptsSeen(layout, result)).toBe(1);
    expect(told(await call(runner, 'A01')).os_pid).not.toBe(osPid);
  });

  test('a call whose session was lost with its process: the flow ends instead', async () => {
    const flow = runner.openFlow({ pid: 'K01' });
    await flow.execute(1);
    const result = await flow.execute(1, { params: { do: 'exit 3 x1' } });
    expect(result).toMatchObject({ outcome: 'lost', failedAttempts: [] });
    expect(attemptsSeen(layout, result)).toBe(1);
    expect(flow.open).toBe(false);
  });
});

describe('the budget', () => {
  test.each(['error RecoverableError', 'exit 3', 'sleep 9000'])(
    'of 0 for a call means dispatched at most once (%s)',
    async (orders) => {
      const result = failed(await call(runner, 'A01', orders, { retries: 0, timeoutMs: 400 }));
      expect(result.failedAttempts).toEqual([]);
      expect(attemptsSeen(layout, result)).toBe(1);
    },
  );

  test('of 0 for a release means the same for every call of it', async () => {
    const result = failed(await call(runner, 'P01', 'error RecoverableError'));
    expect(attemptsSeen(layout, result)).toBe(1);
    expect(told(await call(runner, 'P01', 'error RecoverableError x1', { retries: 1 })).attempt).toBe(2);
  });

  test('may be larger for a call', async () => {
    expect(told(await call(runner, 'A01', 'error RecoverableError x4', { retries: 4 })).attempt).toBe(5);
  });
});

test('the trace has every attempt, one after the other, never two at a time', async () => {
  const { callId } = await call(runner, 'A01', 'error RecoverableError x1; exit 3 x2');
  const steps = /^call\.(dispatched|failed|settled)$/;
  const story = (records: readonly TraceRecord[]) =>
    records
      .filter(({ event, data }) => data['callId'] === callId && steps.test(event))
      .map(({ machine, event, data }) => `${machine} ${event} ${(data['outcome'] as string | undefined) ?? ''}`.trim());
  const records = await traceOnce(runner, (all) => story(all).at(-1)?.includes('settled') === true);
  expect(story(records)).toEqual([
    'process call.dispatched',
    'package call.failed error',
    'process call.dispatched',
    'package call.failed lost',
    'process call.dispatched',
    'package call.settled result',
  ]);
});
