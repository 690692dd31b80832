import type { TraceGap, TraceHeader, TraceRecord } from './schema.js';

/** Event of what is no record of a delivery: what could not be written before a file was begun. */
export const GAP = 'trace.gap';

/** As a record of its own, with the number of the last one missing. */
export function gapRecord(header: TraceHeader, { from_seq: fromSeq, since, reason: message }: TraceGap): TraceRecord {
  return {
    seq: header.first_seq - 1,
    atUs: header.at_us,
    timeMs: Date.parse(header.started_at),
    actor: 'runner',
    machine: 'runner',
    event: GAP,
    data: { missing: header.first_seq - fromSeq, since, reason: { code: '3027', name: 'trace_interrupted', message } },
    before: '?',
    after: '?',
  };
}
