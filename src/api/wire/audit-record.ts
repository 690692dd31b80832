import { z } from 'zod';
import type { AuditRecord } from '../../store/index.js';
import { time } from './common.js';

/** One record of the audit trail. */
export const auditRecordWire = z.strictObject({
  seq: z.int(),
  at: time,
  who: z.string(),
  what: z.string(),
  subject: z.string(),
  outcome: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditRecordWire = z.infer<typeof auditRecordWire>;

export const wireAuditRecord = (record: AuditRecord): AuditRecordWire => ({
  seq: record.seq,
  at: record.at,
  who: record.who,
  what: record.what,
  subject: record.subject,
  outcome: record.outcome,
  details: record.details ?? {},
});

/** What happened to one PID. */
export const historyRecordWire = auditRecordWire.extend({
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: z.string().nullable(),
});
export type HistoryRecordWire = z.infer<typeof historyRecordWire>;

export const wireHistoryRecord = (record: AuditRecord, pid: string): HistoryRecordWire => {
  const { details, ...facts } = wireAuditRecord(record);
  return { ...facts, ...changeIn(record, pid), details };
};

/** What a record of the audit trail says of one PID. Records are facts on disk: nothing about their shape is certain. */
export interface ChangeIn {
  readonly from: string | null;
  readonly to: string | null;
  /** Why it failed, or why the Runner did it by itself. */
  readonly reason: string | null;
}

export function changeIn({ details = {} }: AuditRecord, pid: string): ChangeIn {
  const { routes, release, from, message, reason, fault, by } = details;
  const unsaid = by === 'recovery' ? 'the Runner died meanwhile' : null;
  const own = (Array.isArray(routes) ? routes : []).map(fieldsOf).find((route) => route['pid'] === pid);
  return {
    from: textOr(null, own === undefined ? inside(fieldsOf(from), pid) : own['from']),
    to: textOr(null, own === undefined ? release : own['to']),
    reason: textOr(textOr(textOr(unsaid, fieldsOf(fault)['message']), fieldsOf(reason)['message']), message),
  };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A PID may be called as something every object inherits. */
const inside = (fields: Readonly<Record<string, unknown>>, pid: string): unknown =>
  Object.hasOwn(fields, pid) ? fields[pid] : undefined;

const textOr = <T>(otherwise: T, value: unknown): string | T => (typeof value === 'string' ? value : otherwise);
