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
  const last = outline.lastOf(path);
  const wanted = [last, ...outline.gapsAround(last).filter((i) => i > last)];
  return nextEvents(stepped(outline, wanted, onProgress), path);
}

/** @param wanted numbers of files in order */
async function* stepped(
  outline: RunOutline,
  wanted: readonly number[],
  onProgress: NonNullable<WhyOptions['onProgress']>,
): AsyncGenerator<TraceRecord> {
  for (const [done, i] of wanted.entries()) {
    const onRead = (read: number): void => onProgress(done + read, wanted.length, 'stepping');
    const options = { onRead, choose: withoutDailyWork, before: outline.before(i) };
    for await (const records of walkBlocks(outline.files.slice(i, i + 1), options)) yield* records;
  }
}
