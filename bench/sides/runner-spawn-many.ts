import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner } from '../../src/index.js';
import { serveSide } from '../harness/serve-side.js';
import { quiet } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

const INSTANCES = 64;
const TICK_MS = 2;
const LOOK_MS = 50;
/** From the last spawn until all have said hello. */
const SETTLE_MS = 1000;

const childrenCount = (): number =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').split(' ').filter(Boolean).length;

/** A release of 64 processes is started: for how long nothing else of its Runner could run at a stretch, at most, in ms. */
serveSide<Prepared>(async ({ store, release, python }) => {
  const runner = await createRunner({ ...quiet(store, python), instances: INSTANCES });
  return {
    async round() {
      let longestMs = 0;
      let lastMs = performance.now();
      const ticks = setInterval(() => {
        const nowMs = performance.now();
        longestMs = Math.max(longestMs, nowMs - lastMs - TICK_MS);
        lastMs = nowMs;
      }, TICK_MS);
      await runner.start(release);
      while (childrenCount() < INSTANCES) await sleep(LOOK_MS);
      await sleep(SETTLE_MS);
      clearInterval(ticks);
      await runner.stop(release, { force: true });
      return { longestHold: longestMs };
    },
    close: () => runner.close(),
  };
});
