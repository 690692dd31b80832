import type { Outcome } from '../../machines/process.events.js';
import type { ReleaseKey } from '../../machines/release.js';
import type { Fault } from '../base/errors/index.js';
import type { CallImage, Lease } from '../images/index.js';
import type { CallFields, Phase, Reply } from '../protocol/index.js';

/**
 * Requests and replies wait here, beside the machines: events carry only the id (docs/ARCHITECTURE.md, "The way of a call").
 *
 * INVARIANTS
 * - A call is in the table from the moment it is offered to a package until it was settled (and, when its caller gave
 *   it up, until its process let go of it).
 * - `settle` is called exactly once per call; `reply` is the last attempt's.
 */
export interface PendingCall {
  readonly callId: number;
  readonly release: ReleaseKey;
  readonly phase: Phase;
  readonly pid: string;
  readonly flowId: string;
  readonly deadlineMs: number;
  /** Its pixels must stay as they are until the call is settled: they are read at each dispatch. */
  readonly image: CallImage | null;
  /** Everything of the call frame but the session's state, which the process's capabilities decide. */
  readonly fields: CallFields;
  /** JSON, which is handed on as it came. */
  readonly state: string;
  /** Where the process of the last attempt reads the image. */
  lease: Lease | null;
  /** Why the image could not be handed to a process; the call was not sent then. */
  refusal: Fault | null;
  /** How often it was sent to a process. */
  attempts: number;
  /** The process the last attempt was sent to; null while it waits for one. */
  osPid: number | null;
  /** Filled in by the process that answers the last attempt. */
  reply: Reply | null;
  /** Which process served it. `carriesState`: the session's state travels with its calls (contract §6). */
  servedBy: { readonly osPid: number; readonly slot: number; readonly carriesState: boolean } | null;
  /** Attempts that failed and were followed by another one. */
  failedAttempts: readonly FailedAttempt[];
  settle(outcome: Outcome | 'refused', fault: Fault | null): void;
  /** Begins to count the deadline of all attempts together, once. */
  limit(): void;
  /** Nobody looks at the call's image any more. */
  free(): void;
}

/** One attempt that was not the last (contract §6). */
export interface FailedAttempt {
  readonly outcome: Outcome;
  readonly fault: Fault | null;
  readonly osPid: number | null;
}

export type CallTable = Map<number, PendingCall>;
