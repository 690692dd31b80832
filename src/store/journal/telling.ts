import type { AuditEvent, AuditRecord } from '../audit/index.js';
import type { Operation, OperationId } from './operation.js';

/** How the audit trail says that an operation ended; `details.operation` is its number. */
export type AuditOutcome = 'done' | 'failed' | 'interrupted';

export function recordOf(
  { id, who, what, subject, details }: Operation,
  outcome: AuditOutcome,
  more: AuditEvent['details'] = {},
): AuditEvent {
  return { who, what, subject, outcome, details: { ...details, ...more, operation: id } };
}

/** The last word of the trail on an operation; undefined: none. */
export function lastWordOn(id: OperationId, trail: readonly AuditRecord[]): string | undefined {
  return trail.findLast(({ details }) => details?.['operation'] === id)?.outcome;
}
