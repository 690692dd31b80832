import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner } from '../../src/index.js';
import { serveSide } from '../harness/serve-side.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerIdleOptions {
  readonly store: string;
  readonly python: string;
  /** How many releases are expected to lie there. */
  readonly releases: number;
}

/** A Runner on a store with deployed releases, none of them running. A round is `size` ms of rest. */
serveSide<RunnerIdleOptions>(async ({ store, python, releases }) => {
  const runner = await createRunner(quiet(store, python));
  const deployed = runner.list().releases.filter(({ state }) => state === 'Deployed').length;
  if (deployed !== releases) throw new Error(`${deployed} of ${releases} releases are deployed`);
  return {
    async round(size) {
      await sleep(size);
      return { rssMiB: process.memoryUsage.rss() / 2 ** 20 };
    },
    close: () => runner.close(),
  };
});
