import type { TraceRecord } from '../../../src/trace/index.js';

type Given = Partial<TraceRecord> & Pick<TraceRecord, 'actor' | 'event'>;

/** Records written by hand: a millisecond apart unless they say otherwise. */
export function recordsOf(...given: readonly Given[]): TraceRecord[] {
  return given.map((record, i) => {
    const atUs = record.atUs ?? i * 1000;
    const machine = /\/process\/\d+$/.test(record.actor) ? 'process' : (record.actor.split('/')[0] ?? '');
    const after = record.after ?? record.before ?? 'Serving';
    const { before = 'Serving' } = record;
    return { seq: i + 1, atUs, timeMs: 1_700_000_000_000 + atUs / 1000, machine, data: {}, ...record, before, after };
  });
}

export async function* inTurn(records: readonly TraceRecord[]): AsyncGenerator<TraceRecord, void> {
  for (const record of records) yield await Promise.resolve(record);
}
