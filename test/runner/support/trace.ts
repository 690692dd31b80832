import { expect } from 'vitest';
import { readTrace } from '../../../src/index.js';
import type { Runner, TraceRecord } from '../../../src/index.js';

/** What is on disk of the trace being written; it lags behind by as much as its writer buffers, some 100 ms. */
export async function traceOf(runner: Runner): Promise<TraceRecord[]> {
  const records: TraceRecord[] = [];
  for await (const record of readTrace(runner.traceFile ?? '')) records.push(record);
  return records;
}

/** The trace as soon as it holds what is looked for. */
export async function traceOnce(runner: Runner, holds: (records: TraceRecord[]) => boolean): Promise<TraceRecord[]> {
  let records: TraceRecord[] = [];
  await expect.poll(async () => holds((records = await traceOf(runner))), { timeout: 5000, interval: 30 }).toBe(true);
  return records;
}

export const of = (records: readonly TraceRecord[], actor: string): TraceRecord[] =>
  records.filter((record) => record.actor === actor);

/** The states an actor walked, in order, each once per stay. */
export function walk(records: readonly TraceRecord[], actor: string): string[] {
  const states = of(records, actor).map(({ after }) => after);
  return states.filter((state, i) => state !== states[i - 1]);
}
