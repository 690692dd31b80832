import { faultIn, isFailure, readTrace, Correlator } from '../trace/index.js';
import type { SeenFault, TraceRecord } from '../trace/index.js';
import { sentenceOf } from './sentences.js';

/** Something that went wrong in a run. */
export interface Incident {
  readonly seq: number;
  readonly atMs: number;
  readonly actor: string;
  readonly callId: number | null;
  readonly pids: readonly string[];
  readonly what: string;
  readonly fault: SeenFault | null;
}

/** Consequences of one failure are reported with it, not again. */
const SAME_MS = 1_000;

/**
 * What went wrong in one file of a trace, the oldest first, without the immediate consequences in other actors.
 *
 * @throws RunnerError as readTrace
 */
export async function incidentsIn(file: string): Promise<readonly Incident[]> {
  const correlator = new Correlator();
  const found: Incident[] = [];
  const told = new Map<string, number>();
  for await (const record of readTrace(file)) {
    const { callId, pids } = correlator.of(record);
    if (!isFailure(record)) continue;
    const key = keyOf(record, callId);
    const before = told.get(key);
    told.set(key, record.timeMs);
    if (before !== undefined && record.timeMs - before < SAME_MS) continue;
    const { seq, timeMs: atMs, actor } = record;
    found.push({ ...{ seq, atMs, actor, callId, pids }, what: sentenceOf(record), fault: faultIn(record) });
  }
  return found;
}

/** Records of one call are one incident; otherwise those of one fault are. */
const keyOf = (record: TraceRecord, callId: number | null): string =>
  callId !== null ? `call ${callId}` : (faultIn(record)?.message ?? `${record.actor} ${record.event}`);
