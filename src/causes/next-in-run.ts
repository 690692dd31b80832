import { walkBlocks } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';
import { withoutDailyWork } from './daily-work.js';
import { nextEvents } from './next.js';
import type { NextReport } from './next.js';
import { RunOutline } from './run-outline.js';
import type { WhyOptions } from './why-in-run.js';

/**
 * The same as `nextEvents` for the files of one run, which may be long: where everybody stands now is said by the last
 * file that tells of the actor.
 *
 * @param files in order
 * @throws RunnerError as nextEvents and readRun
 */
export async function nextInRun(
  files: readonly string[],
  actor: string,
  { onProgress = () => undefined }: Pick<WhyOptions, 'onProgress'> = {},
): Promise<NextReport> {
  const outline = await RunOutline.of(files, (read) => onProgress(read, files.length, 'looking'));
  const path = outline.pathOf(actor);
  const last = files.slice(outline.lastOf(path)).slice(0, 1);
  return nextEvents(flat(walkBlocks(last, { choose: withoutDailyWork })), path);
}

async function* flat(batches: AsyncIterable<readonly TraceRecord[]>): AsyncGenerator<TraceRecord> {
  for await (const records of batches) yield* records;
}
