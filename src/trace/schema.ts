import { z } from 'zod';

/**
 * The trace file (docs/guides/read-a-trace.md): JSON lines. Interned, so that a record of the hot path takes some twenty bytes.
 *
 * - header `{"trace":1,"started_at":…,"runner":…,"machines":{"process":"<hash>"}}`, first line of every file
 * - kind `{"k":7,"a":"package/x@1","m":"package","e":"call.requested","b":"Running.Ready","f":"Executing.Serving",
 *   "d":["callId","pid"]}`: actor, machine, event, state before (null: the actor begins) and after, names of the
 *   payload's fields; written once per file, before its first record
 * - record `[dt,kind,…values]`: microseconds since the record before, then the payload's values in the order of `d`
 * - block end `{"crc":"…","bytes":…}`: CRC-32 of the bytes since the last block end
 */
export const TRACE_VERSION = 1;

export const headerLine = z.object({
  trace: z.literal(TRACE_VERSION),
  started_at: z.string(),
  runner: z.string(),
  machines: z.record(z.string(), z.string()),
});
export const kindLine = z.object({
  k: z.number().int(),
  a: z.string(),
  m: z.string(),
  e: z.string(),
  b: z.string().nullable(),
  f: z.string(),
  d: z.array(z.string()),
});
export const blockLine = z.object({ crc: z.string(), bytes: z.number().int() });

export type TraceHeader = z.infer<typeof headerLine>;
export type TraceKind = z.infer<typeof kindLine>;

/** One delivered event, as the reader gives it back. */
export interface TraceRecord {
  /** From 1, in processing order. */
  readonly seq: number;
  /** Microseconds since the trace began (monotonic). */
  readonly atUs: number;
  /** `package/screw-check@1.0.0/process/1` */
  readonly actor: string;
  readonly machine: string;
  readonly event: string;
  /** The event without its type. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly before: string | null;
  readonly after: string;
}
