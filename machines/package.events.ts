import type { Fault } from './fault.js';
import type { LaunchSpec, MemoryLimits, ProcessLimits, Outcome, ProcessReport } from './process.events.js';
import type { ProbationPolicy } from './probation.js';
import type { LifecycleState, ReleaseKey, RestingState, Wanted } from './release.js';
import type { RestartPolicy } from './restart-policy.js';
import type { Timings } from './timings.js';

/** Limits and deadlines of a release: the Runner's, overridden for single releases. */
export interface ReleasePolicy {
  readonly timings: Timings;
  readonly restart: RestartPolicy;
  /** Processes the release runs. */
  readonly instances: number;
  /** Calls that may wait; one more is refused. */
  readonly queueLimit: number;
  /** How often a call may be tried again after a failure that another attempt may mend (contract §6). */
  readonly retries: number;
  readonly memory: MemoryLimits;
  readonly limits?: ProcessLimits;
  /** Failed calls in a row after which a process is replaced; left out: never. */
  readonly replaceAfterFailures?: number;
  /** How the release has to prove itself when PIDs are switched to it. */
  readonly probation: ProbationPolicy;
  /** After probation: whether PIDs return to the release before it once this one is faulted. */
  readonly fallback: boolean;
}

export const DEFAULT_INSTANCES = 1;
export const DEFAULT_QUEUE_LIMIT = 64;
export const DEFAULT_RETRIES = 2;

/** How far a release goes by itself (contract §3.3): a scan stops at Deployed, an explicit install at Running. */
export type Target = 'Validated' | 'Deployed' | 'Running';

/** What static validation learnt; the whole report rests beside the machines. */
export interface ValidationFacts {
  readonly supportedPids: readonly string[];
}

/** What a deployed release needs to run. */
export interface ReleaseFacts {
  readonly supportedPids: readonly string[];
  readonly launch: LaunchSpec;
}

/** One line of the registry, as far as the machines decide it (contract §9). */
export interface RestRecord {
  readonly key: ReleaseKey;
  readonly state: RestingState;
  readonly wanted: Wanted;
  readonly reason: Fault | null;
}

/** What the store knows of a release when the Runner opens. */
export interface StoredRelease {
  readonly key: ReleaseKey;
  readonly state: RestingState;
  readonly wanted: Wanted;
  readonly reason: Fault | null;
  /** Present when the release is deployed. */
  readonly facts: ReleaseFacts | null;
}

export interface StoreFacts {
  readonly releases: readonly StoredRelease[];
  readonly routes: readonly StoredRoute[];
}

/** A route whose file cannot be understood has no key, but a fault. */
export interface StoredRoute {
  readonly pid: string;
  readonly key: ReleaseKey | null;
  /** What a rollback returns to. */
  readonly previous: ReleaseKey | null;
  /** The last Runner ended during a probation: as far as its file says how that was to go. */
  readonly probation: Partial<ProbationPolicy> | null;
  readonly fault: Fault | null;
}

export interface PackageInput {
  readonly key: ReleaseKey;
  readonly policy: ReleasePolicy;
  /** Protocol major versions this Runner speaks. */
  readonly protocols: readonly number[];
  readonly target: Target;
  /** Where the store says the release rests; null for a zip never seen before. */
  readonly stored: StoredRelease | null;
}

/** An accepted call without its payload. */
export interface AcceptedCall {
  readonly callId: number;
  readonly pid: string;
  /** Further attempts it may have. */
  readonly retries: number;
  /** The slot that keeps its session, where an algorithm does not hand sessions over (contract §6); else null. */
  readonly home: number | null;
}

/** One place for a process. */
export interface Slot {
  readonly phase: 'empty' | 'starting' | 'ready' | 'executing' | 'leaving';
  readonly call: AcceptedCall | null;
  /** The caller gave the running call up; its outcome is already out. */
  readonly abandoned: boolean;
}

export interface PackageContext {
  readonly key: ReleaseKey;
  readonly policy: ReleasePolicy;
  readonly protocols: readonly number[];
  readonly stored: StoredRelease | null;
  target: Target;
  wanted: Wanted;
  facts: ReleaseFacts | null;
  supportedPids: readonly string[];
  fault: Fault | null;
  slots: readonly Slot[];
  queue: readonly AcceptedCall[];
  /** PIDs in the order in which a waiting call of theirs was last dispatched, the latest last. */
  turns: readonly string[];
  /** Monotonic times of the losses that still count. */
  lossesMs: readonly number[];
  /** Processes in a row that ended before they were ready. */
  failedStarts: number;
  /** The start under way is the one the breaker allows after its cool-down (half open). */
  onTrial: boolean;
  /** Of the removal under way. */
  operationId: number;
}

/** Commands carry the id of the operation they belong to, so that a refusal finds its caller. */
export type PackageCommand =
  | { type: 'package.deploy'; operationId: number; target: Target }
  | { type: 'package.start'; operationId: number }
  /** `wanted` null leaves the wish as it is: the Runner closes, the release is to run again next time. */
  | { type: 'package.stop'; operationId: number; wanted: Wanted | null }
  | { type: 'package.uninstall'; operationId: number }
  /** What is being stopped is killed instead of asked. */
  | { type: 'package.hurry' }
  | { type: 'package.recheck'; operationId: number; target: Target };

export type CallEvent =
  /** `retries`: fewer or more than the policy allows; `home`: the slot its session lives in. */
  | { type: 'call.requested'; callId: number; pid: string; retries?: number; home?: number }
  | { type: 'call.cancelled'; callId: number }
  /** The caller's total deadline has passed; the effect that keeps that clock says so. */
  | { type: 'call.expired'; callId: number };

export type PackageEvent =
  | PackageCommand
  | CallEvent
  | ProcessReport
  | { type: 'slot.restarted'; slot: number }
  /** The process of a call that is to be tried again has ended. */
  | { type: 'call.returned' }
  /** It waited for a process as long as a call may. */
  | { type: 'call.waited'; callId: number };

/**
 * Where a package stands: `ready` when it serves calls, `resting` when nothing of it is under way.
 */
export interface Standing {
  readonly state: LifecycleState;
  readonly ready: boolean;
  readonly resting: boolean;
}

/** What a package tells the Runner. */
export type PackageReport =
  | ({ type: 'package.reported'; key: ReleaseKey; wanted: Wanted; fault: Fault | null } & Standing)
  /** A process was lost while no call ran in it; one lost with a call shows in that call. */
  | { type: 'package.lost'; key: ReleaseKey; fault: Fault | null }
  | { type: 'package.gone'; key: ReleaseKey };

/** What a package emits to the library; every accepted call gets exactly one `call.settled`. */
export type PackageEmitted =
  | { type: 'call.settled'; callId: number; outcome: Outcome; fault?: Fault }
  /** An attempt failed and there will be another one. */
  | { type: 'call.retried'; callId: number; outcome: Outcome; fault?: Fault }
  /** The process let go of a call whose caller gave it up: its image may be taken back. */
  | { type: 'call.freed'; callId: number }
  | { type: 'call.refused'; callId: number; fault: Fault }
  | { type: 'operation.refused'; operationId: number };
