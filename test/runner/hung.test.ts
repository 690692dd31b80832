import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallOptions, CallResult, Runner } from '../../src/index.js';
import { algorithmOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { of, traceOnce } from './support/trace.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;

/** What answers its pings is given time: the machine that tests may be busy too. */
const PATIENT = { timings: { pongGraceMs: 10_000 } };

/** Missed pongs show after 400 ms, a stall after 300 ms at the latest, so that a call of 1.5 s shows either. */
beforeAll(async () => {
  runner = await openRunner({
    store,
    retries: 0,
    restart: { breakerLosses: 1000, immediateRestarts: 1000 },
    timings: { pingIntervalMs: 100, pongGraceMs: 150, watchMs: 150 },
    releases: { 'sleeps@1.0.0': PATIENT, 'slow@1.0.0': { timings: { ...PATIENT.timings, watchMs: 400 } } },
  });
  const manifest = (pid: string, behaviour = {}) => ({ manifest: { supported_pids: [pid], behaviour } });
  await runner.install(rogueZip({ name: 'hangs', ...manifest('H01') }, 'hangs'));
  await runner.install(rogueZip({ name: 'sleeps', ...manifest('L01') }, 'hangs'));
  await runner.install(rogueZip({ name: 'slow', ...manifest('S01', { slow_ms: 1200 }) }, 'is_slow'));
  await runner.install(rogueZip({ name: 'stopped', ...manifest('T01', { slow_ms: 300 }) }, 'is_slow'));
  await runner.activate('hangs@1.0.0', ['H01']);
  await runner.activate('sleeps@1.0.0', ['L01']);
  await runner.activate('slow@1.0.0', ['S01']);
  await runner.activate('stopped@1.0.0', ['T01']);
});

/** The call's outcome, and the states its process was in from its dispatch to its outcome. */
async function lookOn(release: string, pid: string, options: CallOptions) {
  const flow = runner.openFlow({ pid });
  const result = await flow.execute(1, options).finally(() => flow.close());
  return { result, states: await statesDuring(release, result) };
}

async function statesDuring(release: string, { callId }: CallResult): Promise<string[]> {
  const process = `package/${release}/process/1`;
  const isEnd = ({ event, data }: { event: string; data: Record<string, unknown> }): boolean =>
    /^call\.(answered|overdue)$/.test(event) && data['callId'] === callId;
  const records = of(await traceOnce(runner, (all) => of(all, process).some(isEnd)), process);
  const from = records.findIndex(({ event, data }) => event === 'call.dispatched' && data['callId'] === callId);
  const states = records.slice(from, records.findIndex(isEnd)).map(({ after }) => after);
  return states.filter((state, i) => state !== states[i - 1]);
}

const hang = (what: string, release = 'hangs@1.0.0', pid = 'H01', timeoutMs = 1500) =>
  lookOn(release, pid, { params: { do: what }, timeoutMs });

describe('a process that hangs in a call is seen, by what it still does', () => {
  test('stopped: it answers no pings', async () => {
    const { result, states } = await hang('stop');
    expect(states.at(-1)).toBe('Executing.Unresponsive');
    expect(result).toMatchObject({ outcome: 'timed_out', fault: { code: '1005' } });
  });

  test('a loop that holds the interpreter lock: it answers no pings, but works', async () => {
    const { result, states } = await hang('hold the GIL');
    expect(states).toEqual(['Executing', 'Executing.Unresponsive']);
    expect(result).toMatchObject({ outcome: 'timed_out' });
  });

  test('standard output blocked: it answers no pings', async () => {
    const { result, states } = await hang('block stdout');
    expect(states.at(-1)).toBe('Executing.Unresponsive');
    expect(result).toMatchObject({ outcome: 'timed_out' });
  });

  test('asleep: it answers pings, and does nothing', async () => {
    const { result, states } = await hang('sleep', 'sleeps@1.0.0', 'L01', 4000);
    expect(states.at(-1)).toBe('Executing.Stalled');
    expect(result).toMatchObject({ outcome: 'timed_out' });
  });
});

describe('a process that is slow is not taken for one that hangs', () => {
  test('while it works', async () => {
    const { result, states } = await lookOn('slow@1.0.0', 'S01', { timeoutMs: 10_000 });
    expect(result).toMatchObject({ status: 'OK' });
    expect(states).toEqual(['Executing']);
  });

  test('and one that goes on after a stop finishes its call: only the deadline ends a call', async () => {
    const process = 'package/stopped@1.0.0/process/1';
    const osPid = algorithmOf(layout, 'stopped@1.0.0');
    const call = lookOn('stopped@1.0.0', 'T01', { timeoutMs: 20_000 });
    signal(osPid, 'SIGSTOP');
    await traceOnce(runner, (all) => of(all, process).at(-1)?.after === 'Executing.Unresponsive');
    signal(osPid, 'SIGCONT');
    const { result, states } = await call;
    expect(result).toMatchObject({ status: 'OK' });
    // Its answer may come before its pong.
    expect(states).toContain('Executing.Unresponsive');
    expect(algorithmOf(layout, 'stopped@1.0.0')).toBe(osPid);
  });
});

const signal = (osPid: number, name: NodeJS.Signals): boolean => process.kill(osPid, name);
