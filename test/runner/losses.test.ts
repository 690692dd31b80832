import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { Fault, Runner } from '../../src/index.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, failed, station } from './support/station.js';
import { of, traceOnce } from './support/trace.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const STATION = station(1);
const PING_MS = 150;
/** Longer than a busy machine keeps a process that is well from answering. */
const GRACE_MS = 1000;
let runner: Runner;

beforeAll(async () => {
  // Losses are what these tests are about: the breaker must not open over them.
  runner = await openRunner({
    store,
    retries: 0,
    restart: { breakerLosses: 1000, immediateRestarts: 1000 },
    timings: { pingIntervalMs: PING_MS, pongGraceMs: GRACE_MS },
  });
  await runner.install(stationZip());
  await runner.activate(STATION, ['A01']);
});

/** Whatever the cause, these are asked for first (contract §10). */
const evidenceOf = (callId: number, running: boolean) => ({
  last_stderr: expect.any(Array) as string[],
  last_call: { call_id: callId, pid: 'A01', phase: 'execute', step_index: 1, flow_id: expect.any(String), running },
});

describe('a process that is lost in a call says why, with its last words and its last call', () => {
  test('by its exit code', async () => {
    const { callId, ...result } = failed(await call(runner, 'A01', 'exit 9'));
    expect(result).toMatchObject({ outcome: 'lost', fault: { code: '3002', name: 'process_lost' } });
    expect(result.fault.details).toMatchObject({ exit_code: 9, signal: null, ...evidenceOf(callId, true) });
    expect(result.fault.details?.['last_stderr']).toContain('the lens is gone');
    expect(result.fault.message).toContain('exited with code 9 during execute of step 1 for A01');
  });

  test.each(['SIGSEGV', 'SIGKILL', 'SIGABRT'])('by the signal %s', async (signal) => {
    const { callId, ...result } = failed(await call(runner, 'A01', `signal ${signal}`));
    expect(result).toMatchObject({ outcome: 'lost', fault: { code: '3002' } });
    expect(result.fault.details).toMatchObject({ exit_code: null, signal, ...evidenceOf(callId, true) });
    expect(result.fault.message).toContain(`ended by ${signal} during execute`);
  });

  test('by a fault of the protocol', async () => {
    const { callId, ...result } = failed(await call(runner, 'A01', 'print'));
    expect(result).toMatchObject({ outcome: 'lost', fault: { code: '3001', name: 'protocol_fault' } });
    expect(result.fault.details).toMatchObject(evidenceOf(callId, true));
    expect(result.fault.message).toContain('printed to standard output');
  });

  test('by the deadline of the call', async () => {
    const { callId, ...result } = failed(await call(runner, 'A01', 'sleep 9000', { timeoutMs: 150 }));
    expect(result).toMatchObject({ outcome: 'timed_out', fault: { code: '1005' } });
    expect(result.fault.details).toMatchObject({ deadline_ms: 150, ...evidenceOf(callId, true) });
  });
});

describe('a process that is lost at rest says why, with its last words and its last call', () => {
  /** The end of the process that serves now, as the trace has it. */
  async function endOf(lose: (osPid: number) => void): Promise<Fault> {
    const { callId } = await call(runner, 'A01');
    const ends = (records: Parameters<typeof of>[0]) =>
      of(records, `package/${STATION}`).filter(({ event }) => event === 'process.ended');
    // The trace lags behind: it ends before that call as long as the call is not in it.
    const isRecorded = (records: Parameters<typeof of>[0]) => records.some(({ data }) => data['callId'] === callId);
    const before = ends(await traceOnce(runner, isRecorded)).length;
    lose(algorithmOf(layout, STATION));
    const last = ends(await traceOnce(runner, (records) => ends(records).length > before)).at(-1);
    return last?.data['fault'] as Fault;
  }

  test('by a signal from outside', async () => {
    const fault = await endOf((osPid) => process.kill(osPid, 'SIGKILL'));
    expect(fault).toMatchObject({ code: '3002', details: { exit_code: null, signal: 'SIGKILL' } });
    expect(fault.details).toMatchObject(evidenceOf(expect.any(Number) as number, false));
  });

  test('by pongs that stay away: it was stopped', async () => {
    const sinceMs = performance.now();
    const fault = await endOf((osPid) => process.kill(osPid, 'SIGSTOP'));
    // Interval and twice the grace (invariant 10), and what a busy machine and the trace's buffer add.
    expect(performance.now() - sinceMs).toBeLessThan(PING_MS + 2 * GRACE_MS + 5000);
    expect(fault).toMatchObject({ code: '1005', message: expect.stringContaining('missed two heartbeats') as string });
    expect(fault.details).toMatchObject({ signal: 'SIGKILL', ...evidenceOf(expect.any(Number) as number, false) });
  });

  test('and is replaced at once: the next call is served', async () => {
    await endOf((osPid) => process.kill(osPid, 'SIGKILL'));
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK', failedAttempts: [] });
  });
});
