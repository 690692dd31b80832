import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { storeLayout } from '../../../../src/index.js';
import type { Runner, RunnerOptions } from '../../../../src/index.js';
import { runHost } from '../../../runner/host/support/child-host.js';
import { scratchFolder } from '../../../runner/support/folders.js';
import { eyesZip, fileOf, stationZip } from '../../../runner/support/packages.js';
import { openRunner } from '../../../runner/support/runners.js';
import { call, CRASH_AT_ONCE, spoil, station, told, WRONG_INFO } from '../../../runner/support/station.js';
import { PYTHON } from '../../../support/python.js';
import { keep } from './keep.js';

const BOTH = { manifest: { supported_pids: ['A01', 'A02'] } };
const [ONE, TWO] = [station(1), station(2)];

/** Lives through something on a store of its own and keeps the trace. */
async function record(
  name: string,
  options: Partial<RunnerOptions>,
  live: (runner: Runner, layout: ReturnType<typeof storeLayout>) => Promise<void>,
): Promise<void> {
  const layout = storeLayout(join(scratchFolder(), 'store'));
  const runner = await openRunner({ store: layout.root, ...options });
  await live(runner, layout);
  const file = runner.traceFile;
  await runner.close();
  await keep(name, file, layout.root);
}

const stateOf = (runner: Runner, release: string) =>
  runner.list().releases.find((one) => one.release === release)?.state;
const pidOf = async (runner: Runner, pid: string): Promise<number> => told(await call(runner, pid)).os_pid;

test('a process that crashes, with restarts, a breaker that opens, a trial that fails and one that does not', () =>
  record(
    'crash-breaker-half-open',
    { restart: { immediateRestarts: 1, breakerLosses: 3, backoffMs: 50, cooldownMs: 300, jitterShare: 0.5 } },
    async (runner, layout) => {
      await runner.install(stationZip());
      await runner.activate(ONE, ['A01']);
      process.kill(await pidOf(runner, 'A01'), 'SIGKILL');
      expect((await call(runner, 'A01', 'exit 3 x1', { retries: 2 })).status).toBe('OK');
      const mend = spoil(layout, ONE, CRASH_AT_ONCE);
      await call(runner, 'A01', 'exit 3', { retries: 0 });
      await vi.waitFor(() => expect(stateOf(runner, ONE)).toBe('Stopped'), { timeout: 10_000 });
      await vi.waitFor(() => expect(runner.list().releases[0]?.reason?.code).toBe('3006'), { timeout: 10_000 });
      await pause(600); // a trial that fails
      mend();
      await vi.waitFor(() => expect(stateOf(runner, ONE)).toBe('Running'), { timeout: 10_000 });
      expect((await call(runner, 'A01')).status).toBe('OK');
    },
  ));

test('switches: drained, confirmed, rolled back by hand, and from a failed probation', () =>
  record(
    'switch-probation-rollback',
    { timings: { drainMs: 500 }, probation: { errorsMax: 1, durationMs: 200 } },
    async (runner) => {
      await runner.install(stationZip({ version: '1.0.0', ...BOTH }));
      await runner.install(stationZip({ version: '2.0.0', ...BOTH }), { target: 'Deployed' });
      await runner.activate(ONE, ['A01', 'A02']);
      await Promise.all([
        runner.switch(['A01', 'A02'], TWO, { until: 'confirmed' }),
        ...Array.from({ length: 6 }, (_, i) => call(runner, i % 2 === 0 ? 'A01' : 'A02')),
      ]);
      await runner.rollback('A02', { to: ONE, until: 'confirmed' });
      const returned = runner.switch(['A02'], TWO, { until: 'confirmed', probation: { durationMs: 60_000 } });
      await vi.waitFor(() => expect(runner.routeOf('A02')).toBe(TWO));
      for (let i = 0; i < 2; i++) await call(runner, 'A02', 'error ProgramError', { retries: 0 });
      expect((await returned).outcome).toBe('rolled_back');
      await runner.uninstall(TWO, { force: true });
    },
  ));

test('installations that fail: no zip, a wheel that is missing, a process that is another than its manifest says', () =>
  record('failed-installs', {}, async (runner) => {
    const bad = [
      fileOf('hello', 'hello-v1.0.0-offline.zip'),
      eyesZip({ name: 'blind', wheels: {} }),
      stationZip({ name: 'liar', files: { 'station.py': WRONG_INFO() } }),
    ];
    for (const zip of bad) await expect(runner.install(zip)).rejects.toThrow();
    await runner.install(stationZip());
    await runner.activate(ONE, ['A01']);
    expect((await call(runner, 'A01')).status).toBe('OK');
  }));

test('calls that wait, are refused, cancelled, retried, late', () =>
  record('calls-in-trouble', { queueLimit: 2, timings: { executeMs: 400, drainMs: 500 } }, async (runner) => {
    await runner.install(stationZip());
    await runner.activate(ONE, ['A01']);
    const cancelled = new AbortController();
    const calls = [
      call(runner, 'A01', 'sleep 200'),
      call(runner, 'A01', 'OK', { signal: cancelled.signal }),
      call(runner, 'A01', 'OK', { timeoutMs: 50 }),
      call(runner, 'A01'),
    ].map((one) => one.catch(() => undefined));
    cancelled.abort();
    await Promise.all(calls);
    await call(runner, 'A01', 'error RecoverableError x1', { retries: 2 });
    await call(runner, 'A01', 'error FatalError', { retries: 0 });
    await call(runner, 'A01', 'sleep 5000', { retries: 0 });
    expect((await call(runner, 'A01')).status).toBe('OK');
    await runner.stop(ONE, { force: true });
    await runner.start(ONE);
  }));

test('two processes, one that hangs and is found by its heartbeat', () =>
  record(
    'two-processes-one-hangs',
    { instances: 2, timings: { pingIntervalMs: 100, pongGraceMs: 100 }, restart: { immediateRestarts: 5 } },
    async (runner) => {
      await runner.install(stationZip());
      await runner.activate(ONE, ['A01']);
      const stopped = await pidOf(runner, 'A01');
      process.kill(stopped, 'SIGSTOP');
      await pause(1_000); // nobody calls: only its heartbeat can find it
      await Promise.all(Array.from({ length: 6 }, () => call(runner, 'A01', 'sleep 20')));
    },
  ));

test('a Runner killed in the middle of a switch, and the next one on its store', async () => {
  const layout = storeLayout(join(scratchFolder(), 'store'));
  const first = await openRunner({ store: layout.root });
  await first.install(stationZip({ version: '1.0.0' }));
  await first.install(stationZip({ version: '2.0.0' }), { target: 'Deployed' });
  await first.activate(ONE, ['A01']);
  await first.close();
  const before = new Set(readdirSync(layout.traces));
  const ended = await runHost([layout.root, PYTHON, 'switch', TWO, 'Committed', 'A01']);
  expect(ended.signal).toBe('SIGKILL');
  const [killed = ''] = readdirSync(layout.traces).filter((file) => !before.has(file));
  await keep('killed-in-a-switch', join(layout.traces, killed), layout.root);

  const next = await openRunner({ store: layout.root, probation: { durationMs: 200 } });
  await vi.waitFor(() => expect(stateOf(next, TWO)).toBe('Running'), { timeout: 10_000 });
  expect((await call(next, 'A01')).status).toBe('OK');
  const file = next.traceFile;
  await next.close();
  await keep('recovered-after-a-kill', file, layout.root);
});

test('the demo, from packages to their removal', async () => {
  const folder = scratchFolder();
  const demo = fileURLToPath(new URL('../../../../dist/examples/demo/main.js', import.meta.url));
  await promisify(execFile)(process.execPath, [demo], { cwd: folder });
  const { root, traces } = storeLayout(join(folder, 'demo-output', 'runtime_store'));
  const [file = ''] = readdirSync(traces);
  await keep('demo', join(traces, file), root);
});
