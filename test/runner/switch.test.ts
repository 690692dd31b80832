import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { TraceRecord } from '../../src/api/trace.js';
import type { ChangeReport, ChangeStep, Runner } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, station, told } from './support/station.js';
import { of, traceOnce, walk } from './support/trace.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO] = [station(1), station(2)];
const manifest = { supported_pids: ['A01', 'A02', 'A03'] };
const PROBATION = { durationMs: 150 };
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ store: layout.root });
  await runner.install(stationZip({ version: '1.0.0', manifest }));
  await runner.install(stationZip({ version: '2.0.0', manifest }), { target: 'Deployed' });
  await runner.activate(ONE, ['A01', 'A02', 'A03']);
});

const fileOf = (pid: string): unknown => JSON.parse(readFileSync(layout.route(pid), 'utf8'));
const stateOf = (release: string) => runner.list().releases.find((one) => one.release === release)?.state;
const versionOf = async (pid: string): Promise<string> => told(await call(runner, pid)).version;

describe('a switch of one PID', () => {
  const steps: ChangeStep[] = [];
  let report: ChangeReport;
  let records: TraceRecord[];

  beforeAll(async () => {
    expect(stateOf(TWO)).toBe('Deployed');
    const options = { until: 'confirmed', probation: PROBATION } as const;
    const flow = runner.openFlow({ pid: 'A01' });
    await flow.execute(1);
    const onProgress = (step: ChangeStep): void => {
      steps.push(step);
      if (step.stage !== 'Committed') return;
      // A flow that began before the commit and one that begins after it.
      void flow.execute(2).then(() => flow.close());
      void call(runner, 'A01');
    };
    report = await runner.switch(['A01'], TWO, { ...options, onProgress });
    records = await traceOnce(runner, (all) => measuredIn(all) !== undefined);
  });

  /** What it cost, as the trace has it. */
  const measuredIn = (all: readonly TraceRecord[]) =>
    of(all, 'runner').find(
      ({ event, data }) => event === 'changeover.measured' && data['operationId'] === report.operationId,
    );

  test('tells its whole timeline, to the caller and step by step meanwhile', () => {
    expect(report.timeline.map(({ stage, pid }) => [pid, stage].join(' '))).toEqual([
      ...[' Preparing', ' Preheating', ' Committing', ' Committed'],
      ...['A01 Draining', 'A01 Probation', 'A01 Confirming', 'A01 Serving'],
    ]);
    const times = report.timeline.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(steps).toEqual(report.timeline);
  });

  test('reports what it did and cost: calls of the old and the new release, no error, no downtime', () => {
    expect(report).toMatchObject({
      ...{ kind: 'switch', pids: ['A01'], from: { A01: ONE }, to: TWO, outcome: 'confirmed', reason: null },
      ...{ calls: { old: 1, new: 1 }, errors: 0, downtimeMs: 0 },
    });
  });

  test('is in the trace: the change, the PID, and what it cost', () => {
    expect(walk(records, 'changeover/A01').slice(-4)).toEqual(['Preparing', 'Preheating', 'Committing', 'Committed']);
    expect(walk(records, 'route/A01').slice(-6)).toEqual([
      ...['Serving', 'Switching', 'Draining', 'Probation', 'Confirming', 'Serving'],
    ]);
    expect(measuredIn(records)?.data).toMatchObject({
      ...{ outcome: 'confirmed', callsOld: 1, callsNew: 1, errors: 0, downtimeMs: 0 },
    });
  });

  test('wrote the route only once the release had shaken hands and agreed with its manifest', () => {
    const process = `package/${TWO}/process/1`;
    const agreed = records.findLast(({ actor, event }) => actor === process && event === 'info.received');
    const committing = records.findLast(({ actor, after }) => actor === 'changeover/A01' && after === 'Committing');
    expect(agreed?.data).toEqual({ mismatches: [] });
    expect(agreed?.seq).toBeLessThan(committing?.seq ?? 0);
  });

  test('moved that PID and no other, in memory and on disk', async () => {
    expect(runner.list().routes).toMatchObject([
      { pid: 'A01', release: TWO, previous: ONE, onProbation: false },
      { pid: 'A02', release: ONE, previous: null },
      { pid: 'A03', release: ONE, previous: null },
    ]);
    expect(fileOf('A01')).toMatchObject({ name: 'station', version: '2.0.0', previous: { version: '1.0.0' } });
    expect(fileOf('A01')).not.toHaveProperty('probation');
    expect([await versionOf('A01'), await versionOf('A02')]).toEqual(['2.0.0', '1.0.0']);
  });

  test('left the old release running, which other PIDs need', () => {
    expect(stateOf(ONE)).toBe('Running');
  });

  test('to the release it is bound to already changes nothing', async () => {
    const before = readFileSync(layout.route('A01'), 'utf8');
    expect(await runner.switch(['A01'], TWO)).toMatchObject({ outcome: 'confirmed', errors: 0, downtimeMs: 0 });
    expect(readFileSync(layout.route('A01'), 'utf8')).toBe(before);
  });
});

describe('a switch of several PIDs under load', () => {
  let stop = false;
  const seen: { pid: string; openedMs: number; release: string; versions: Set<string>; ok: boolean }[] = [];
  let committedMs = Infinity;
  let report: ChangeReport;

  /** One caller at a PID: flows of four calls, one after the other, none of them pausing. */
  async function inspect(pid: string): Promise<void> {
    while (!stop) {
      const openedMs = performance.now();
      const flow = runner.openFlow({ pid });
      const results = [];
      for (const step of [1, 2])
        results.push(await flow.pre(step), await flow.execute(step, { params: { do: 'sleep 4' } }));
      flow.close();
      const ok = results.every(({ status }) => status === 'OK');
      const versions = new Set(results.map((result) => (ok ? told(result).version : 'failed')));
      seen.push({ pid, openedMs, release: flow.release, versions, ok });
    }
  }

  beforeAll(async () => {
    await runner.switch(['A01'], ONE, { probation: { durationMs: 0 }, until: 'confirmed' });
    const callers = ['A01', 'A01', 'A02', 'A03'].map(inspect);
    await eventually(() => expect(seen.length).toBeGreaterThan(8));
    const onProgress = ({ stage }: ChangeStep): void => {
      if (stage === 'Committed') committedMs = performance.now();
    };
    report = await runner.switch(['A01', 'A02', 'A03'], TWO, { until: 'confirmed', probation: PROBATION, onProgress });
    stop = true;
    await Promise.all(callers);
  });

  test('costs no call', () => {
    expect(seen.filter(({ ok }) => !ok)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'confirmed', errors: 0, downtimeMs: 0, reason: null });
    expect(report.calls.old).toBeGreaterThan(0);
    expect(report.calls.new).toBeGreaterThan(0);
  });

  test('lets every flow end on the release it began with', () => {
    for (const { release, versions } of seen) expect([...versions]).toEqual([release.split('@')[1]]);
  });

  test('sends every flow that begins after the commit to the new release, and none before it', () => {
    for (const { openedMs, release } of seen) expect(release).toBe(openedMs < committedMs ? ONE : TWO);
    for (const pid of ['A01', 'A02', 'A03']) {
      expect(seen.some((flow) => flow.pid === pid && flow.release === ONE)).toBe(true);
      expect(seen.some((flow) => flow.pid === pid && flow.release === TWO)).toBe(true);
    }
  });

  test('stops the old release after the probation, once nobody needs it, and not before', async () => {
    await expect.poll(() => stateOf(ONE)).toBe('Stopped');
    const records = await traceOnce(
      runner,
      (all) => walk(all, `package/${ONE}`).at(-1)?.startsWith('Stopped') === true,
    );
    const confirmed = ['A01', 'A02', 'A03'].map(
      (pid) => records.findLast(({ actor, before }) => actor === `route/${pid}` && before === 'Confirming')?.seq ?? 0,
    );
    const stopped = records.findLast(({ actor, event }) => actor === `package/${ONE}` && event === 'package.stop');
    expect(stopped?.seq).toBeGreaterThan(Math.max(...confirmed));
    expect(existsSync(layout.deployment('station', '1.0.0'))).toBe(true);
  });
});

test.each(['Committing', 'Committed', 'Probation'])(
  'a switch that is called off at %s is called off too late: it is made',
  async (late) => {
    const giveUp = new AbortController();
    const onProgress = ({ stage }: ChangeStep): void => void (stage === late && giveUp.abort());
    const options = { until: 'confirmed', probation: { durationMs: 30 } } as const;
    const report = await runner.switch(['A03'], ONE, { ...options, signal: giveUp.signal, onProgress });
    expect(giveUp.signal.aborted).toBe(true);
    expect(report).toMatchObject({ outcome: 'confirmed', to: ONE, errors: 0 });
    expect(await versionOf('A03')).toBe('1.0.0');
    await runner.switch(['A03'], TWO, options);
  },
);

test('an open flow keeps the old release up, also when the probation is ended at once, until it ends', async () => {
  const flow = runner.openFlow({ pid: 'A02' });
  await flow.execute(1);
  const switching = runner.switch(['A01', 'A02', 'A03'], ONE, {
    until: 'confirmed',
    probation: { durationMs: 60_000 },
  });
  await eventually(() => expect(runner.routeOf('A02')).toBe(ONE));
  await runner.confirm(['A01', 'A02', 'A03']);
  expect(stateOf(TWO)).toBe('Running');
  expect(told(await flow.execute(2)).version).toBe('2.0.0');
  flow.close();
  expect(await switching).toMatchObject({ outcome: 'confirmed', calls: { old: 1, new: 0 } });
  await expect.poll(() => stateOf(TWO)).toBe('Stopped');
});
