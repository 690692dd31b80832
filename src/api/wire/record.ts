import { z } from 'zod';
import type { TraceRecord } from '../../trace/index.js';
import { time } from './common.js';

/** One record of a trace. */
export const recordWire = z.strictObject({
  seq: z.int(),
  /** Microseconds since the run began. */
  at_us: z.number(),
  time,
  actor: z.string(),
  machine: z.string(),
  event: z.string(),
  before: z.string().nullable(),
  after: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type RecordWire = z.infer<typeof recordWire>;

export const wireRecord = ({ timeMs, ...record }: TraceRecord): RecordWire => ({
  seq: record.seq,
  at_us: record.atUs,
  time: new Date(timeMs).toISOString(),
  actor: record.actor,
  machine: record.machine,
  event: record.event,
  before: record.before,
  after: record.after,
  data: record.data,
});
