import { readRecent } from '../audit/index.js';
import type { AuditEvent, AuditRecord } from '../audit/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
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

/** What recovery has to know of a trail: the operations it told of last. */
export function readTold(layout: StoreLayout, fs: FileSystem): Promise<readonly AuditRecord[]> {
  return readRecent(layout.audit, { bytes: WINDOW_BYTES, mark: '"operation":' }, fs);
}

/** Some hundred records. */
const WINDOW_BYTES = 256 * 1024;

/** The highest number among them; 0: none. */
export function lastOperation(trail: readonly AuditRecord[]): OperationId {
  const numbers = trail.map(({ details }) => details?.['operation']);
  return numbers.reduce<number>((last, id) => (Number.isSafeInteger(id) ? Math.max(last, id as number) : last), 0);
}

/** The last word of the trail on an operation; undefined: none. */
export function lastWordOn(id: OperationId, trail: readonly AuditRecord[]): string | undefined {
  return trail.findLast(({ details }) => details?.['operation'] === id)?.outcome;
}
