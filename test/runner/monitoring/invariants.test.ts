import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/api/trace.js';
import { storeLayout } from '../../../src/index.js';
import type { TraceRecord } from '../../../src/api/trace.js';
import { scratchFolder } from '../support/folders.js';
import { stationZip } from '../support/packages.js';
import { openRunner } from '../support/runners.js';
import { call, station, told } from '../support/station.js';
import { watchTrace } from '../../../src/replay/index.js';
import { eventually } from '../../support/eventually.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const BOTH = { manifest: { supported_pids: ['A01', 'A02'] } };
const [ONE, TWO] = [station(1), station(2)];

/** What the monitor of that Runner said. */
const broken: string[] = [];
const problems: string[] = [];

/** A shift of a line in small: two PIDs, kills, hangs, a switch that returns by itself, one that is confirmed. */
async function liveThrough(): Promise<string> {
  const runner = await openRunner({
    store: layout.root,
    monitor: true,
    timings: { pingIntervalMs: 100, pongGraceMs: 400, drainMs: 500 },
    restart: { immediateRestarts: 100, breakerLosses: 100 },
    probation: { errorsMax: 1, durationMs: 200 },
  });
  const traceFile = runner.traceFile ?? '';
  runner.on('invariant.broken', ({ wrong }) => broken.push(wrong));
  await runner.install(stationZip({ version: '1.0.0', ...BOTH }));
  await runner.install(stationZip({ version: '2.0.0', ...BOTH }), { target: 'Deployed' });
  await runner.activate(ONE, ['A01', 'A02']);
  const { os_pid: busy } = told(await call(runner, 'A01'));
  const killed = call(runner, 'A01', 'sleep 200');
  setTimeout(() => process.kill(busy, 'SIGKILL'), 50);
  await killed;
  process.kill(told(await call(runner, 'A02')).os_pid, 'SIGSTOP');
  expect(told(await call(runner, 'A02', 'OK', { timeoutMs: 1_000 })).version).toBe('1.0.0');
  await Promise.all([
    runner.switch(['A01', 'A02'], TWO, { until: 'confirmed' }),
    ...Array.from({ length: 20 }, (_, i) => call(runner, i % 2 === 0 ? 'A01' : 'A02')),
  ]);
  await runner.rollback('A02', { to: ONE, until: 'confirmed' });
  const returned = runner.switch(['A02'], TWO, { until: 'confirmed', probation: { durationMs: 60_000 } });
  await eventually(() => expect(runner.routeOf('A02')).toBe(TWO));
  for (let i = 0; i < 2; i++) await call(runner, 'A02', 'error ProgramError', { retries: 0 });
  expect((await returned).outcome).toBe('rolled_back');
  await runner.uninstall(TWO, { force: true });
  await runner.close();
  problems.push(...runner.problems.map(({ message }) => message));
  return traceFile;
}

async function* withOne(
  records: AsyncIterable<TraceRecord>,
  changed: (record: TraceRecord) => TraceRecord | null,
): AsyncGenerator<TraceRecord> {
  let isDone = false;
  for await (const record of records) {
    const other: TraceRecord | null = isDone ? null : changed(record);
    isDone ||= other !== null;
    yield other ?? record;
  }
}

describe('the trace of a real Runner', async () => {
  const file = await liveThrough();

  test('leads the machines through every recorded state and breaks no invariant of the architecture', async () => {
    const { divergences, violations, met, judged } = await watchTrace(readTrace(file));
    expect(divergences).toEqual([]);
    expect(violations).toEqual([]);
    expect(met).toEqual(expect.arrayContaining([1, 2, 4, 5, 6, 7, 8, 9, 12]));
    expect(judged).toBeGreaterThan(100);
  });

  test('has nothing in it that the monitor of that Runner objects to', () => {
    expect({ broken, problems }).toEqual({ broken: [], problems: [] });
  });

  test('with one recorded state changed is found to diverge there', async () => {
    const changed = (record: TraceRecord) => (record.after === 'Executing' ? { ...record, after: 'Stopped' } : null);
    const { divergences } = await watchTrace(withOne(readTrace(file), changed));
    expect(divergences[0]).toMatchObject({ got: 'Stopped', expected: 'Executing' });
  });

  test('in which a second call goes to a busy process breaks an invariant', async () => {
    async function* doubled(): AsyncGenerator<TraceRecord> {
      let wasDoubled = false;
      for await (const record of readTrace(file)) {
        yield record;
        if (wasDoubled || record.event !== 'call.dispatched') continue;
        wasDoubled = true;
        yield { ...record, before: 'Executing' };
      }
    }
    const { violations, divergences } = await watchTrace(doubled());
    expect([...violations, ...divergences].length).toBeGreaterThan(0);
  });
});
