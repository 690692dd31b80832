import { createRunner } from '../../src/index.js';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

/** From the order to start a release to Running: spawned, handshake done, `info` in agreement with the manifest. */
serveSide<Prepared>(async ({ store, release, python }) => {
  const runner = await createRunner(quiet(store, python));
  const once = async (): Promise<number> => {
    const beganMs = performance.now();
    await runner.start(release);
    const tookMs = performance.now() - beganMs;
    await runner.stop(release, { force: true });
    return tookMs;
  };
  return {
    async round(size) {
      const samplesMs: number[] = [];
      for (let i = 0; i < size; i++) samplesMs.push(await once());
      return { start: median(samplesMs) };
    },
    close: () => runner.close(),
  };
});
