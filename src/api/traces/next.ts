import { nextInRun } from '../../causes/index.js';
import type { WhyOptions } from '../../causes/index.js';
import { runLife } from '../../runner/status/run-life.js';
import type { NextInRun } from '../runner-api.js';
import { openTrace } from './find-trace.js';

/** What would take an actor out of its state in a run of a store. @throws RunnerError as openTrace and nextInRun */
export async function nextInStore(
  store: string,
  actor: string,
  trace: string | undefined,
  options: WhyOptions = {},
): Promise<NextInRun> {
  const { files } = await openTrace(trace, store);
  const report = await nextInRun(files, actor, options);
  return { ...report, life: await runLife(store, files) };
}
