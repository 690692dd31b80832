import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner } from '../../src/index.js';
import { longestHoldDuring } from '../harness/loop-watch.js';
import { serveSide } from '../harness/serve-side.js';
import { quiet } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

const INSTANCES = 64;
const LOOK_MS = 50;
/** From the last spawn until all have said hello. */
const SETTLE_MS = 1000;

const childrenCount = (): number =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').split(' ').filter(Boolean).length;

/** A release of 64 processes is started, and the Runner closed over them: the longest hold of the event loop in each. */
serveSide<Prepared>(({ store, release, python }) =>
  Promise.resolve({
    async round() {
      const runner = await createRunner({ ...quiet(store, python), instances: INSTANCES });
      const start = await longestHoldDuring(async () => {
        await runner.start(release);
        while (childrenCount() < INSTANCES) await sleep(LOOK_MS);
        await sleep(SETTLE_MS);
      });
      const close = await longestHoldDuring(() => runner.close());
      return { start, close };
    },
  }),
);
