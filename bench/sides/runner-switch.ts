import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner } from '../../src/index.js';
import type { ChangeReport, Runner } from '../../src/index.js';
import type { Numbers } from '../harness/protocol.js';
import { serveSide } from '../harness/serve-side.js';
import { inside, lengthOf, touching } from '../harness/spans.js';
import type { Span } from '../harness/spans.js';
import { median, quantile } from '../harness/statistics.js';
import { steadyLoad } from '../harness/steady-load.js';
import type { Caller, SteadyCall } from '../harness/steady-load.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerSwitchOptions {
  readonly store: string;
  readonly python: string;
  /** Two releases of one algorithm; the PID goes back and forth between them. */
  readonly releases: readonly [string, string];
  readonly pid: string;
  /** Another algorithm, and the PIDs it serves all the while. */
  readonly other: { readonly release: string; readonly pids: readonly string[] };
}

const CALLERS_OF_THE_PID = 3;
const PACE = { everyMs: 5, callsPerFlow: 8 };
/** Without a probation the old release leaves after each switch, so that every switch has to start the one it goes to. */
const SWITCH = { until: 'confirmed', probation: { durationMs: 0 } } as const;
const FIRST_WINDOW_MS = 150;
/** What the old release's end has stirred up settles before anything is measured again. */
const SETTLE_MS = 60;
const LOOK_MS = 5;

/**
 * Calls at a steady pace while a PID is switched, again and again. Two windows of the same length take turns: *before* a
 * switch, and *during* it, from the request until it is committed and the flows of the old release are finished.
 */
serveSide<RunnerSwitchOptions>(async ({ store, python, releases, pid, other }) => {
  const runner = await createRunner(quiet(store, python));
  await runner.activate(releases[0], [pid]);
  await runner.activate(other.release, other.pids);
  const callers: readonly Caller[] = [
    ...Array.from({ length: CALLERS_OF_THE_PID }, () => ({ ...PACE, pid })),
    ...other.pids.map((otherPid) => ({ ...PACE, pid: otherPid })),
  ];
  let windowMs = FIRST_WINDOW_MS;

  const watchedSwitch = async (): Promise<Readonly<Record<'before' | 'during', Span>>> => {
    const old = runner.routeOf(pid);
    const beganMs = performance.now();
    await sleep(windowMs);
    const askedMs = performance.now();
    const report = await runner.switch([pid], old === releases[0] ? releases[1] : releases[0], SWITCH);
    const doneMs = performance.now();
    requireClean(report);
    await untilStopped(runner, old);
    await sleep(SETTLE_MS);
    windowMs = doneMs - askedMs;
    return { before: { fromMs: beganMs, toMs: askedMs }, during: { fromMs: askedMs, toMs: doneMs } };
  };
  const switches = async (count: number) => {
    const windows = [];
    for (let i = 0; i < count; i++) windows.push(await watchedSwitch());
    return windows;
  };
  return {
    async round(size) {
      const endLoad = steadyLoad(runner, callers);
      await sleep(SETTLE_MS);
      const windows = await switches(size).catch(async (error: unknown) => {
        await endLoad().catch(() => undefined); // the switch that failed is the one to report
        throw error;
      });
      const calls = await endLoad();
      const before = inside(
        calls,
        windows.map((window) => window.before),
      );
      const during = touching(
        calls,
        windows.map((window) => window.during),
      );
      const ofThePid = (call: SteadyCall): boolean => call.pid === pid;
      const ofOthers = (call: SteadyCall): boolean => call.pid !== pid;
      return {
        ...named('before', before.filter(ofThePid)),
        ...named('during', during.filter(ofThePid)),
        ...named('othersBefore', before.filter(ofOthers)),
        ...named('othersDuring', during.filter(ofOthers)),
      };
    },
    close: () => runner.close(),
  };
});

/** Latencies in µs. @returns `<name>P50`, `<name>P99` */
function named(name: string, calls: readonly SteadyCall[]): Numbers {
  const samplesUs = calls.map((call) => lengthOf(call) * 1000);
  return { [`${name}P50`]: median(samplesUs), [`${name}P99`]: quantile(samplesUs, 0.99) };
}

/** A switch that lost a call or was not one would be the quickest of all. */
function requireClean({ outcome, errors, downtimeMs }: ChangeReport): void {
  if (outcome === 'confirmed' && errors === 0 && downtimeMs === 0) return;
  throw new Error(`a switch ended as ${outcome}: ${errors} errors, ${downtimeMs} ms without a release`);
}

async function untilStopped(runner: Runner, release: string): Promise<void> {
  const stateOf = () => runner.list().releases.find((view) => view.release === release)?.state;
  while (stateOf() !== 'Stopped') await sleep(LOOK_MS);
}
