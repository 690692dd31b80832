import type { TraceRecord } from '../../../src/api/trace.js';
import { historyFile, readHistoryFile } from '../recorded/support/histories.js';

/** A recorded history to be changed. */
export const recordsOf = async (name: string): Promise<readonly TraceRecord[]> =>
  (await readHistoryFile(historyFile(name))).records;

/** The first record like this. @throws when there is none */
export function find(records: readonly TraceRecord[], like: (record: TraceRecord) => boolean): TraceRecord {
  const found = records.find(like);
  if (found === undefined) throw new Error('no such record in this history');
  return found;
}

/** The history with one record told otherwise. */
export const told = (
  records: readonly TraceRecord[],
  seq: number,
  change: Partial<TraceRecord>,
): readonly TraceRecord[] => records.map((record) => (record.seq === seq ? { ...record, ...change } : record));

/** The history without one record, the others counted anew. */
export const without = (records: readonly TraceRecord[], seq: number): readonly TraceRecord[] =>
  counted(records.filter((record) => record.seq !== seq));

/** The history with one record twice, counted anew. */
export const twice = (records: readonly TraceRecord[], seq: number): readonly TraceRecord[] =>
  counted(records.flatMap((record) => (record.seq === seq ? [record, record] : [record])));

const counted = (records: readonly TraceRecord[]): readonly TraceRecord[] =>
  records.map((record, i) => ({ ...record, seq: i + 1 }));
