import { fault } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';

/** Everything a start can find amiss in a store; `doctor` and the audit trail show them. */
export type ProblemKind =
  | 'registry_unreadable'
  | 'registry_entry_unreadable'
  | 'route_unreadable'
  | 'route_to_missing_release'
  | 'route_unsupported'
  | 'deployment_missing'
  | 'deployment_incomplete'
  | 'deployment_unregistered'
  | 'deployment_differs'
  | 'deployment_unrecognised'
  | 'zip_missing'
  | 'zip_unfit'
  | 'operation_unreadable'
  | 'operation_unfinished'
  | 'leftover'
  | 'leftover_unrecognised'
  | 'folder_unavailable'
  | 'audit_damaged'
  | 'audit_unavailable';

/**
 * @property subject the PID, `name@version` or file it concerns, and nothing else is degraded by it
 * @property message what was found
 * @property done what the store did about it; null: nothing, it is left for the Runner or a person to decide
 */
export interface StoreProblem {
  readonly what: ProblemKind;
  readonly subject: string;
  readonly message: string;
  readonly done: string | null;
}

/** The problem as the fault that whatever it degrades is answered with. */
export function problemFault(problem: StoreProblem): Fault {
  const { what, subject, message, done } = problem;
  return fault('store_corrupt', message, { details: { what, subject, done } });
}
