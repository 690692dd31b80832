import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner } from '../../src/index.js';
import { onlyAlgorithm } from '../harness/os-processes.js';
import { serveSide } from '../harness/serve-side.js';
import { startsInTrace } from '../harness/starts-in-trace.js';
import { median } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

/** Losses are what is measured here; none of them is to open the breaker, or to be answered late. */
const NO_BREAKER = { immediateRestarts: 1_000_000, breakerLosses: 1_000_000 };
/** The process has nothing left to do from its start. */
const SETTLE_MS = 50;
/** The recorder writes after 100 ms at the latest. */
const TRACE_WRITTEN_MS = 300;

/**
 * A release is started; its process is killed (SIGKILL) at rest, with a call that comes at once; it runs again; it is
 * stopped. So both starts alternate. Each is timed by the trace.
 */
serveSide<Prepared>(async ({ store, release, python, pid }) => {
  const runner = await createRunner({ ...quiet(store, python), restart: NO_BREAKER });
  const { traceFile } = runner;
  if (traceFile === null) throw new Error('there is no trace to time by');
  let seen = 0;
  const once = async (): Promise<void> => {
    await runner.start(release);
    await sleep(SETTLE_MS);
    const osPid = onlyAlgorithm();
    const flow = runner.openFlow({ pid });
    process.kill(osPid, 'SIGKILL');
    const { status, outcome } = await flow.execute(1);
    if (status !== 'OK') throw new Error(`a call after the kill ended as ${outcome}`);
    if (onlyAlgorithm() === osPid) throw new Error('the process outlived SIGKILL');
    flow.close();
    await runner.stop(release, { force: true });
  };
  return {
    async round(size) {
      for (let i = 0; i < size; i++) await once();
      await sleep(TRACE_WRITTEN_MS);
      const { plain, afterKill } = await startsInTrace(traceFile, release);
      const [starts, restarts] = [plain.slice(seen), afterKill.slice(seen)];
      if (starts.length !== size || restarts.length !== size)
        throw new Error(`the trace shows ${starts.length} starts and ${restarts.length} restarts of ${size}`);
      seen += size;
      return { start: median(starts), restart: median(restarts) };
    },
    close: () => runner.close(),
  };
});
