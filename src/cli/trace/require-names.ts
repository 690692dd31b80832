import { readRunBlocks, RunOutline } from '../../api/trace.js';
import type { Context } from '../context.js';
import type { FilterOptions } from './filter-options.js';

/** @throws RunnerError invalid_usage where a filter names what the run does not hold, with the nearest names */
export async function requireNames(
  files: readonly string[],
  options: FilterOptions,
  progress: Context['progress'],
): Promise<void> {
  const { actor, release, pid, event } = options;
  if ([actor, release, pid, event].every((name) => name === undefined)) return;
  (await outlineOf(files, progress)).requireNames({
    ...(actor === undefined ? {} : { actor }),
    ...(release === undefined ? {} : { release }),
    ...(pid === undefined ? {} : { pid }),
    ...(event === undefined ? {} : { event }),
  });
}

/** What a run holds, with progress: a long one takes seconds. */
export const outlineOf = (files: readonly string[], progress: Context['progress']): Promise<RunOutline> =>
  RunOutline.of(files, (read) => progress('looking for names in the trace', Math.round((read / files.length) * 100)));

const CALLS_MAX = 100_000;

/** The numbers of the calls a run tells of: the first and the last. */
export async function callsIn(files: readonly string[]): Promise<readonly string[]> {
  const calls: number[] = [];
  for await (const records of readRunBlocks(files))
    for (const { event, data } of records)
      if (event === 'call.requested' && calls.length < CALLS_MAX) calls.push(Number(data['callId']));
  return calls.length <= 2 ? calls.map(String) : [`${Math.min(...calls)} to ${Math.max(...calls)}`];
}
