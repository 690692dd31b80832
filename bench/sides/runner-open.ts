import { createRunner } from '../../src/index.js';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerOpenOptions {
  readonly store: string;
  readonly python: string;
  /** How many releases are expected to lie there. */
  readonly releases: number;
}

/**
 * Open: from `createRunner` until the store is read, put in order, and every release in its place; nothing is started.
 * Close: until the store is free again.
 */
serveSide<RunnerOpenOptions>(({ store, python, releases }) => {
  const once = async (): Promise<{ readonly openMs: number; readonly closeMs: number }> => {
    const beganMs = performance.now();
    const runner = await createRunner(quiet(store, python));
    const openMs = performance.now() - beganMs;
    const known = runner.list().releases.length;
    const problems = [...runner.problems];
    const endsMs = performance.now();
    await runner.close();
    if (known !== releases || problems.length > 0)
      throw new Error(`${known} of ${releases} releases are known; ${problems.join('; ')}`);
    return { openMs, closeMs: performance.now() - endsMs };
  };
  return Promise.resolve({
    async round(size) {
      const samples = [];
      for (let i = 0; i < size; i++) samples.push(await once());
      return {
        open: median(samples.map(({ openMs }) => openMs)),
        close: median(samples.map(({ closeMs }) => closeMs)),
      };
    },
  });
});
