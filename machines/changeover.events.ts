import type { Fault } from './fault.js';
import type { ProbationPolicy } from './probation.js';
import type { ReleaseKey } from './release.js';
import type { ActivationFacts, ChangeKind, RouteEvent, RoutePolicy, RouteReport } from './route.events.js';

export interface ChangeoverInput {
  /** 0: nobody asked, a route wants to return by itself. */
  readonly operationId: number;
  readonly kind: ChangeKind;
  /** Null: the PIDs are unbound (deactivate), or the release is not known yet (a rollback that names none). */
  readonly key: ReleaseKey | null;
  readonly pids: readonly string[];
  /** The facts that decide whether each PID takes part. */
  readonly facts: Readonly<Record<string, ActivationFacts>>;
  /** Of the release PIDs are moved to. */
  readonly policy: RoutePolicy;
  /** What the probation does differently from the release's policy. */
  readonly probation: Partial<ProbationPolicy>;
  /** The release rested or served when the change began: what it reports next is its answer to being wanted. */
  readonly releaseIsFree: boolean;
  /** Why the Runner does it by itself. */
  readonly reason: Fault | null;
}

export interface ChangeoverContext extends Omit<ChangeoverInput, 'releaseIsFree'> {
  /** PIDs that have not said yet whether they take part. */
  waiting: readonly string[];
  /** PIDs that hold still, with what they are bound to. */
  moving: readonly { readonly pid: string; readonly from: ReleaseKey | null; readonly probation: boolean }[];
  /** The release was stopping or being recorded at the first request; it has been requested again since. */
  releaseIsFree: boolean;
  /** Why nothing is changed. */
  refusal: Fault | null;
}

export type ChangeoverEvent =
  | Extract<RouteReport, { type: 'route.prepared' }>
  | Extract<RouteEvent, { type: 'release.changed' }>
  | { type: 'changeover.cancel' };

export type ChangeoverStage = 'Preparing' | 'Preheating' | 'Committing' | 'Committed' | 'Aborting';

/** What a changeover asks of and tells the Runner; `id` is its name among the Runner's changeovers. */
export type ChangeoverReport =
  | { type: 'route.asked'; id: string; pid: string; event: Extract<RouteEvent, { type: 'route.prepare' }> }
  | { type: 'release.wanted'; key: ReleaseKey; id: string }
  | {
      type: 'changeover.reported';
      id: string;
      operationId: number;
      stage: ChangeoverStage;
      /** PIDs that hold still for it. */
      moving: readonly string[];
      fault: Fault | null;
    };
