import { livesOfRuns } from '../../runner/status/run-life.js';
import type { RunLife } from '../../runner/status/run-life.js';
import { storeLayout } from '../../store/index.js';
import { linkedTraces, listTraceRuns } from '../../trace/index.js';
import type { TraceRun } from '../../trace/index.js';

export interface StoreRuns {
  readonly folder: string;
  /** The oldest first. */
  readonly runs: readonly (TraceRun & { readonly life: RunLife })[];
  /** What lies among them and is no ordinary file. */
  readonly linked: readonly string[];
}

/** The runs whose traces lie in a store, each with what became of its Runner. @throws RunnerError store_io_failed */
export async function readRuns(
  store: string,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<StoreRuns> {
  const { traces: folder } = storeLayout(store);
  const [linked, lifeOf] = await Promise.all([linkedTraces(folder), livesOfRuns(store)]);
  const found = await listTraceRuns(folder, onProgress);
  const runs = await Promise.all(
    found.map(async (run) => ({ ...run, life: await lifeOf(run.run, run.files, run.end === 'closed') })),
  );
  return { folder, linked, runs };
}
