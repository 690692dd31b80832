import type { Fault } from './fault.js';
import type { ProbationPolicy, Trial } from './probation.js';
import type { ReleaseKey } from './release.js';

/** What a change of routes is for (contract §8). */
export type ChangeKind = 'activate' | 'switch' | 'rollback' | 'deactivate';

/** `active/<pid>.json` as far as the machines decide it (contract §8, §9). */
export interface RouteRecord {
  readonly pid: string;
  /** Null: the PID is unbound. */
  readonly key: ReleaseKey | null;
  /** What a rollback returns to. */
  readonly previous: ReleaseKey | null;
  /** `previous` is kept warm until the release has proved itself, as its policy says but for this; null: it need not. */
  readonly probation: Partial<ProbationPolicy> | null;
}

/** One commit: every record of it or none. */
export interface RouteChange {
  /** 0: nobody asked, the Runner does it by itself. */
  readonly operationId: number;
  readonly kind: ChangeKind | 'confirm';
  /** Why the Runner does it by itself. */
  readonly reason: Fault | null;
  readonly routes: readonly RouteRecord[];
}

/** How patient a route is with the release it is bound to: of that release's policy. */
export interface RoutePolicy {
  readonly probation: ProbationPolicy;
  readonly fallback: boolean;
  readonly drainMs: number;
  readonly rollbackRetryMs: number;
}

export interface RouteInput {
  readonly pid: string;
  /** What the store says the PID is bound to. */
  readonly bound: ReleaseKey | null;
  readonly previous: ReleaseKey | null;
  readonly probation: boolean;
  /** Why the store cannot say what the PID is bound to. */
  readonly fault: Fault | null;
  readonly policy: RoutePolicy;
}

export interface RouteContext {
  readonly pid: string;
  policy: RoutePolicy;
  /** The release this PID is bound to; the library reads it and sends the call straight to the package. */
  release: ReleaseKey | null;
  /** What a rollback returns to. */
  previous: ReleaseKey | null;
  /** `release` has to prove itself and `previous` is kept warm; the library then reports how its calls end. */
  onProbation: boolean;
  /** What was seen of `release` since the commit. */
  trial: Trial;
  /** Why `release` did not prove itself. */
  failed: Fault | null;
  /** The release being made ready. */
  candidate: ReleaseKey | null;
  candidatePolicy: RoutePolicy | null;
  /** The candidate was lost while the commit was being written. */
  candidateFault: Fault | null;
  /** The release whose flows are still to finish. */
  draining: ReleaseKey | null;
  /** The release this route needs no longer, drained or no longer kept warm; it goes into the next report. */
  stale: ReleaseKey | null;
  /** Detection flows begun and not yet ended, by the release they run on. */
  flows: Readonly<Record<ReleaseKey, number>>;
  operationId: number;
  /** Why the PID cannot be served as it is bound: its release's fault, or a route file nobody understands. */
  fault: Fault | null;
}

/** Facts a change is judged by, gathered when it is asked for. */
export interface ActivationFacts {
  readonly supported: boolean;
  readonly missingAssets: readonly string[];
  /** The release is Invalid, and why; absent for any other. */
  readonly invalid?: Fault | null;
}

export type RouteEvent =
  /** May this change be made, and hold still until it is made or called off. `key` null: to nothing. */
  | {
      type: 'route.prepare';
      operationId: number;
      kind: ChangeKind;
      key: ReleaseKey | null;
      facts: ActivationFacts;
      policy: RoutePolicy;
    }
  /** The change is written. */
  | { type: 'route.commit'; operationId: number }
  /** The change is called off; nothing was written. */
  | { type: 'route.abort'; operationId: number }
  /** A person ends the probation. */
  | { type: 'route.confirm'; operationId: number }
  | { type: 'release.changed'; key: ReleaseKey; able: boolean; resting: boolean; fault: Fault | null }
  /** A process of the release was lost while no call ran in it. */
  | { type: 'release.lost'; key: ReleaseKey; fault: Fault | null }
  /** How an attempt of a call on the release ended; told while the release is on probation. */
  | { type: 'call.observed'; key: ReleaseKey; failure: Fault | null }
  | { type: 'flow.opened'; flowId: number; key: ReleaseKey }
  | {
      type: 'flow.closed';
      flowId: number;
      key: ReleaseKey;
      reason: 'finished' | 'cancelled' | 'expired' | 'lost';
    };

/** What a route tells the Runner. */
export type RouteReport =
  | {
      type: 'route.prepared';
      pid: string;
      operationId: number;
      /** Bound like this already: nothing to change. */
      unchanged: boolean;
      from: ReleaseKey | null;
      /** The change begins a probation. */
      probation: boolean;
      refusal: Fault | null;
    }
  /** Which releases the PID needs, and the one it needs no more because another took its place. */
  | {
      type: 'route.reported';
      pid: string;
      key: ReleaseKey | null;
      candidate: ReleaseKey | null;
      kept: ReleaseKey | null;
      retired: ReleaseKey | null;
      settled: boolean;
    }
  | { type: 'rollback.wanted'; pid: string; key: ReleaseKey; reason: Fault };

export type RouteEmitted =
  { type: 'operation.refused'; operationId: number; fault?: Fault } | { type: 'operation.done'; operationId: number };
