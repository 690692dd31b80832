import { createRunner } from '../../src/index.js';
import type { RawImage } from '../../src/index.js';
import type { Numbers } from '../harness/protocol.js';
import { serveSide } from '../harness/serve-side.js';
import { quantile } from '../harness/statistics.js';
import { quiet } from '../packages/prepared.js';

export interface RunnerStarvedOptions {
  readonly store: string;
  readonly python: string;
  /** The one that hangs and the one that is called, a release and a PID each. */
  readonly releases: readonly [hung: string, other: string];
  readonly pids: readonly [hung: string, other: string];
}

/** As many as wait with an image at a time. */
const CALLERS = 8;
/** Longer than any round: what hangs is not restarted while the other one is measured. */
const HANGS_MS = 120_000;

/** Both windows are taken in the Runner's process, right after each other: whatever the machine does, it does to both. */
serveSide<RunnerStarvedOptions>(async ({ store, python, releases, pids }) => {
  const runner = await createRunner(quiet(store, python));
  for (const [i, pid] of pids.entries()) await runner.activate(releases[i] ?? '', [pid]);
  const image: RawImage = { width: 1920, height: 1200, channels: 3, data: new Uint8Array(1920 * 1200 * 3).fill(7) };
  const other = runner.openFlow({ pid: pids[1] });

  const window = async (size: number): Promise<number> => {
    const lengths: number[] = [];
    for (let i = 0; i < size; i++) {
      const beganMs = performance.now();
      const result = await other.execute(1, { image });
      lengths.push(performance.now() - beganMs);
      if (result.status === 'ERROR') throw new Error(`a call ended as ${result.outcome}: ${result.fault.message}`);
    }
    return quantile(lengths, 0.99) * 1000;
  };

  const besideHung = async (size: number): Promise<number> => {
    const gaveUp = new AbortController();
    const flows = Array.from({ length: CALLERS }, () => runner.openFlow({ pid: pids[0] }));
    const options = { image, signal: gaveUp.signal, timeoutMs: HANGS_MS, deadlineMs: HANGS_MS };
    const waiting = flows.map((flow) => flow.execute(1, options));
    try {
      return await window(size);
    } finally {
      gaveUp.abort();
      await Promise.all(waiting);
      for (const flow of flows) flow.close();
      await runner.stop(releases[0], { force: true });
      await runner.start(releases[0]);
    }
  };

  return {
    async round(size): Promise<Numbers> {
      const callsBefore = await window(size);
      return { callsBefore, calls: await besideHung(size) };
    },
    async close() {
      other.close();
      await runner.close();
    },
  };
});
