import { z } from 'zod';
import type { LogEntry } from '../logs/log-entry.js';
import { time } from './common.js';

/** One line of a release's log; what the Runner knows of it (`slot`, `session_id`, `pid`) stands among its fields. */
export const logEntryWire = z.looseObject({
  /** Null: a line that is damaged. */
  time: time.nullable(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  release: z.string(),
  source: z.enum(['algorithm', 'runner']).nullable(),
  message: z.string(),
  /** Whatever the algorithm added. */
  fields: z.record(z.string(), z.unknown()),
});
export type LogEntryWire = z.infer<typeof logEntryWire>;

export const wireLogEntry = ({ facts, time: unixMs, ...entry }: LogEntry): LogEntryWire => ({
  ...facts,
  time: unixMs === 0 ? null : new Date(unixMs).toISOString(),
  ...entry,
});
