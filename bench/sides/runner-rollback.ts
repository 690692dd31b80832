import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner } from '../../src/index.js';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerRollbackOptions {
  readonly store: string;
  readonly python: string;
  /** Two releases of one algorithm. */
  readonly releases: readonly [string, string];
  readonly pid: string;
}

/** The probation lasts: both releases are up when the PID is rolled back. */
const SWITCH = { probation: { durationMs: 600_000 } };
/** What the switch has stirred up settles. */
const SETTLE_MS = 60;
const LOOK_MS = 5;

/** A PID is switched and, while the release before is warm, rolled back. */
serveSide<RunnerRollbackOptions>(async ({ store, python, releases: [old, next], pid }) => {
  const runner = await createRunner(quiet(store, python));
  await runner.activate(old, [pid]);
  const stateOf = (release: string) => runner.list().releases.find((view) => view.release === release)?.state;

  const once = async (): Promise<{ readonly routedMs: number; readonly doneMs: number }> => {
    await runner.switch([pid], next, SWITCH);
    await sleep(SETTLE_MS);
    if (stateOf(old) !== 'Running' || stateOf(next) !== 'Running') throw new Error('a release is not warm');
    let routedMs = NaN;
    const beganMs = performance.now();
    await runner.rollback(pid, {
      onProgress: () => {
        if (Number.isNaN(routedMs) && runner.routeOf(pid) === old) routedMs = performance.now() - beganMs;
      },
    });
    const doneMs = performance.now() - beganMs;
    if (runner.routeOf(pid) !== old || Number.isNaN(routedMs)) throw new Error(`${pid} was not rolled back to ${old}`);
    while (stateOf(next) !== 'Stopped') await sleep(LOOK_MS);
    await sleep(SETTLE_MS);
    return { routedMs, doneMs };
  };
  return {
    async round(size) {
      const samples = [];
      for (let i = 0; i < size; i++) samples.push(await once());
      return {
        routed: median(samples.map(({ routedMs }) => routedMs)),
        rollback: median(samples.map(({ doneMs }) => doneMs)),
      };
    },
    close: () => runner.close(),
  };
});
