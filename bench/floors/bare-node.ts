import { setTimeout as sleep } from 'node:timers/promises';
import { serveSide } from '../harness/serve-side.js';

/** Floor of the Runner's memory: Node with nothing in it but the channel to the benchmark. A round is `size` ms of rest. */
serveSide(() =>
  Promise.resolve({
    async round(size) {
      await sleep(size);
      return { rssMiB: process.memoryUsage.rss() / 2 ** 20 };
    },
  }),
);
