import { readTrace } from '../../../src/api/trace.js';
import type { TraceRecord } from '../../../src/api/trace.js';
import type { Runner } from '../../../src/index.js';
import { eventually } from '../../support/eventually.js';

/** What is on disk of the trace being written; it lags behind by as much as its writer buffers, some 100 ms. */
export async function traceOf(runner: Runner): Promise<TraceRecord[]> {
  const records: TraceRecord[] = [];
  for await (const record of readTrace(runner.traceFile ?? '')) records.push(record);
  return records;
}

/** The trace as soon as it holds what is looked for. */
export function traceOnce(runner: Runner, holds: (records: TraceRecord[]) => boolean): Promise<TraceRecord[]> {
  const look = async (): Promise<TraceRecord[]> => {
    const records = await traceOf(runner);
    if (holds(records)) return records;
    throw new Error('the trace does not hold what was looked for');
  };
  return eventually(look);
}

export const of = (records: readonly TraceRecord[], actor: string): TraceRecord[] =>
  records.filter((record) => record.actor === actor);

/** The states an actor walked, in order, each once per stay. */
export function walk(records: readonly TraceRecord[], actor: string): string[] {
  const states = of(records, actor).map(({ after }) => after);
  return states.filter((state, i) => state !== states[i - 1]);
}
