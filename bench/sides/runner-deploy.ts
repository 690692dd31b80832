import { createRunner } from '../../src/index.js';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerDeployOptions {
  readonly store: string;
  readonly zip: string;
  readonly python: string;
}

/** From a zip to Deployed: validated, extracted, environment built, wheels installed, probed, registered, durable. */
serveSide<RunnerDeployOptions>(async ({ store, zip, python }) => {
  const runner = await createRunner(quiet(store, python));
  const once = async (): Promise<number> => {
    const beganMs = performance.now();
    const { release } = await runner.install(zip, { target: 'Deployed' });
    const tookMs = performance.now() - beganMs;
    await runner.uninstall(release);
    return tookMs;
  };
  return {
    async round(size) {
      const samplesMs: number[] = [];
      for (let i = 0; i < size; i++) samplesMs.push(await once());
      return { deploy: median(samplesMs) };
    },
    close: () => runner.close(),
  };
});
