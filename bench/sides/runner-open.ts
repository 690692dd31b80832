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

/** From `createRunner` until the store is read, put in order, and every release in its place; nothing is started. */
serveSide<RunnerOpenOptions>(({ store, python, releases }) => {
  const once = async (): Promise<number> => {
    const beganMs = performance.now();
    const runner = await createRunner(quiet(store, python));
    const tookMs = performance.now() - beganMs;
    const known = runner.list().releases.length;
    const problems = [...runner.problems];
    await runner.close();
    if (known !== releases || problems.length > 0)
      throw new Error(`${known} of ${releases} releases are known; ${problems.join('; ')}`);
    return tookMs;
  };
  return Promise.resolve({
    async round(size) {
      const samplesMs: number[] = [];
      for (let i = 0; i < size; i++) samplesMs.push(await once());
      return { open: median(samplesMs) };
    },
  });
});
