import type { TraceRecord } from '../schema.js';

/** The part of a fault that people read. */
export interface SeenFault {
  readonly code: string;
  readonly message: string;
}

/** Where events keep a fault. */
const FIELDS = ['fault', 'error', 'reason', 'failure', 'refusal'] as const;
/** They say where somebody stands, each time it is asked: what went wrong is in the record that led there. */
const REPORTS: readonly string[] = ['package.reported', 'release.changed'];
const BAD_OUTCOMES: readonly unknown[] = ['error', 'timed_out', 'lost'];

/** The fault a record tells of, if any. */
export function faultIn({ data }: Pick<TraceRecord, 'data'>): SeenFault | null {
  for (const field of FIELDS) {
    const value = data[field];
    if (typeof value !== 'object' || value === null) continue;
    const { code, message } = value as Record<string, unknown>;
    if (typeof code === 'string' && typeof message === 'string') return { code, message };
  }
  return null;
}

/** It tells of something that went wrong: a fault, a call that failed, an error nobody caught. */
export function isFailure(record: Pick<TraceRecord, 'event' | 'before' | 'data'>): boolean {
  const { event, data } = record;
  if (event === 'xstate.init') return false; // it carries what was wrong before
  if (isAskedExit(record) || REPORTS.includes(event)) return false;
  return (
    faultIn(record) !== null ||
    BAD_OUTCOMES.includes(data['outcome']) ||
    event.startsWith('xstate.error.') ||
    'thrown' in data
  );
}

/** A process that leaves because it was asked to says how it ended, too. */
const isAskedExit = ({ event, before }: Pick<TraceRecord, 'event' | 'before'>): boolean =>
  event === 'os.exited' && (before === 'Stopping' || before === 'Terminating');
