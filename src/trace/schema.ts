import { z } from 'zod';

/**
 * The trace file (docs/guides/read-a-trace.md, docs/schemas/trace.schema.json): JSON lines. Interned, so that a record of
 * the hot path takes some twenty bytes.
 *
 * - header, first line of every file: format, run (one life of a Runner), which part of it this file is, number of its
 *   first record, microseconds of the run that had passed when it was begun, and when that was
 * - kind `{"k":7,"a":"package/x@1","m":"package","e":"call.requested","b":"Running","f":"Executing","d":["callId","pid"]}`:
 *   actor, machine, event, state before (null: the actor begins) and after, names of the payload's fields; written once
 *   per file, before its first record
 * - record `[dt,kind,…values]`: microseconds since the record before, then the payload's values in the order of `d`
 * - standing `{"s":"package/x@1","m":"package","state":"Running","context":{},"children":["process/1"],"effects":[],"timers":[]}`:
 *   where an actor stood when the file was begun, of every actor and before the first record, in every file of a run but
 *   its first, and in that if it has a gap before it: with it the run can be gone through from here on
 * - end `{"end":"closed","last_seq":9,"calls":2,"failures":0}`, last line of a file that was brought to its end
 * - block end `{"crc":"…","bytes":…}`: CRC-32 of every byte of the file before this line, and how many lie between it and
 *   the block end before
 *
 * Format 1, which is still read, had no runs: every file counted from one, and a CRC was of its own block alone.
 */
export const TRACE_VERSION = 2;

const versions = z.record(z.string(), z.string()).describe('version hash of each machine, by its id');
const started = z.iso.datetime().describe('when this file was begun');

export const headerLine = z
  .object({
    trace: z.literal(TRACE_VERSION).describe('format of this file'),
    run: z.string().min(1).describe('one life of a Runner; its files bear the same'),
    part: z.int().min(1).describe('which file of the run this is'),
    first_seq: z.int().min(1).describe('number of the first record in it'),
    at_us: z.int().min(0).describe('microseconds since the run began (monotonic) when this file was begun'),
    started_at: started,
    runner: z.string().describe('version of the Runner'),
    machines: versions,
    gap: z
      .object({
        from_seq: z.int().min(1).describe('number of the first record that is missing; the last is before first_seq'),
        since: z.iso.datetime().describe('when the disk refused'),
        reason: z.string().describe('what it said'),
      })
      .exactOptional()
      .describe('what came between the file before and this one could not be written'),
  })
  .describe('header: the first line');

export const headerLineV1 = z.object({
  trace: z.literal(1),
  started_at: z.string(),
  runner: z.string(),
  machines: versions,
});

export const kindLine = z
  .object({
    k: z.int().min(0).describe('its number'),
    a: z.string().describe('path of the actor'),
    m: z.string().describe('id of the machine'),
    e: z.string().describe('type of the event'),
    b: z.string().nullable().describe('state before; null: the actor begins'),
    f: z.string().describe('state after'),
    d: z.array(z.string()).describe("names of the payload's fields"),
  })
  .describe('kind: declared before its first record in each file');

export const recordLine = z
  .tuple([z.int().min(0), z.int().min(0)], z.json())
  .describe('record: microseconds since the one before, number of the kind, values of its fields');

export const standingLine = z
  .object({
    s: z.string().describe('path of the actor'),
    m: z.string().describe('id of its machine'),
    state: z.string().describe('where it stood'),
    context: z.json().describe('what it knew'),
    children: z.array(z.string()).describe('ids of the machines it had begun'),
    effects: z.array(z.tuple([z.string(), z.string(), z.json()])).describe('under way: id, name, input'),
    timers: z
      .array(z.tuple([z.string(), z.looseObject({ type: z.string() }), z.int()]))
      .describe('armed: id, event, microseconds of the run at which it is due'),
  })
  .describe('standing: where an actor stood when a file after the first was begun');

export const endLine = z
  .object({
    end: z.enum(['closed', 'rotated']).describe('closed: the run ended; rotated: it goes on in the next part'),
    last_seq: z.int().min(0).describe('number of the last record in this file'),
    calls: z.int().min(0).exactOptional().describe('calls that were requested in this file'),
    failures: z.int().min(0).exactOptional().describe('records in this file that tell of a failure'),
  })
  .describe('end: the last line of a file that was brought to its end');

export const blockLine = z
  .object({
    crc: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .describe('CRC-32 of every byte of the file before this line'),
    bytes: z.int().min(0).describe('bytes since the block end before'),
  })
  .describe('block end');

/** Any line of a trace. */
export const traceLine = z.union([headerLine, standingLine, kindLine, recordLine, endLine, blockLine]);

/** What a file says of itself. */
export type TraceHeader = Omit<z.infer<typeof headerLine>, 'trace'> & { readonly trace: 1 | 2 };
export type TraceStanding = z.infer<typeof standingLine>;
export type TraceKind = z.infer<typeof kindLine>;
/** How a file ends; null: its Runner still writes it, or was killed. */
export type TraceEnd = z.infer<typeof endLine>['end'] | null;
/** What the last line of a file that was brought to its end says. */
export type TraceEndFacts = z.infer<typeof endLine>;
/** What could not be written before a file was begun. */
export type TraceGap = NonNullable<z.infer<typeof headerLine>['gap']>;

/** One delivered event, as the reader gives it back. */
export interface TraceRecord {
  /** From 1, in processing order, through all files of a run. */
  readonly seq: number;
  /** Microseconds since the run began (monotonic). */
  readonly atUs: number;
  /** Wall clock, milliseconds since 1970: when its file was begun, and the monotonic time since. */
  readonly timeMs: number;
  /** `package/screw-check@1.0.0/process/1` */
  readonly actor: string;
  readonly machine: string;
  readonly event: string;
  /** The event without its type. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly before: string | null;
  readonly after: string;
}

/** Wall clock of a record, milliseconds since 1970, from when its file was begun. */
export const wallTimeMs = (startedMs: number, fileAtUs: number, atUs: number): number =>
  startedMs + (atUs - fileAtUs) / 1000;

/** JSON Schema (draft 2020-12) of one line of a trace. */
export const traceLineJsonSchema = (): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(traceLine, { io: 'input', target: 'draft-2020-12' });
