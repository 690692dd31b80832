import type { TraceRecord } from '../schema.js';
import { Correlator } from './correlation.js';
import type { Correlation } from './correlation.js';
import { isFailure } from './failure.js';

/** All of what is given has to hold. */
export interface TraceFilter {
  /** The actor and everything below it: `package/x@1.0.0` with its processes. */
  readonly actor?: string;
  readonly pid?: string;
  /** `name@version` */
  readonly release?: string;
  readonly callId?: number;
  /** The type of the event; `call.*` for all that begin like that. */
  readonly event?: string;
  /** Only what tells of something that went wrong. */
  readonly failed?: boolean;
  /** Unix milliseconds. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly fromSeq?: number;
  readonly toSeq?: number;
}

const UNCORRELATED: Correlation = { callId: null, operationId: null, pids: [], release: null };

/** Judges the records of a sequence, taken in order. */
export function traceFilter(filter: TraceFilter): (record: TraceRecord) => boolean {
  const { actor, pid, release, callId, event, failed = false, sinceMs, untilMs, fromSeq, toSeq } = filter;
  const isEvent = event === undefined ? () => true : eventTest(event);
  const isCorrelated = [pid, release, callId].some((wanted) => wanted !== undefined);
  const correlator = new Correlator();
  return (record) => {
    const belongs = isCorrelated ? correlator.of(record) : UNCORRELATED;
    return (
      (actor === undefined || isAtOrBelow(record.actor, actor)) &&
      (pid === undefined || belongs.pids.includes(pid)) &&
      (release === undefined || belongs.release === release) &&
      (callId === undefined || belongs.callId === callId) &&
      isEvent(record.event) &&
      (!failed || isFailure(record)) &&
      (sinceMs === undefined || record.timeMs >= sinceMs) &&
      (untilMs === undefined || record.timeMs <= untilMs) &&
      (fromSeq === undefined || record.seq >= fromSeq) &&
      (toSeq === undefined || record.seq <= toSeq)
    );
  };
}

export async function* filterTrace(
  records: AsyncIterable<TraceRecord>,
  filter: TraceFilter,
): AsyncGenerator<TraceRecord, void> {
  const matches = traceFilter(filter);
  for await (const record of records) if (matches(record)) yield record;
}

/** `package/x@1.0.0` is not above `package/x@1.0.01`. */
export const isAtOrBelow = (actor: string, prefix: string): boolean =>
  actor === prefix || actor.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

export function eventTest(wanted: string): (event: string) => boolean {
  if (!wanted.endsWith('*')) return (event) => event === wanted;
  const start = wanted.slice(0, -1);
  return (event) => event.startsWith(start);
}
