import type { Fault } from './fault.js';
import type { LaunchSpec, Outcome, ProcessReport } from './process.events.js';
import type { LifecycleState, ReleaseKey, RestingState, Wanted } from './release.js';
import type { RestartPolicy } from './restart-policy.js';
import type { Timings } from './timings.js';

/** What a release is allowed to do and how patiently: per Runner, overridden per release. */
export interface ReleasePolicy {
  readonly timings: Timings;
  readonly restart: RestartPolicy;
  /** Processes the release runs. */
  readonly instances: number;
  /** Calls that may wait; one more is refused. */
  readonly queueLimit: number;
}

export const DEFAULT_INSTANCES = 1;
export const DEFAULT_QUEUE_LIMIT = 64;

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
  /** A route whose file cannot be understood has no key, but a fault. */
  readonly routes: readonly { readonly pid: string; readonly key: ReleaseKey | null; readonly fault: Fault | null }[];
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

/** One place for a process. `callId` is 0 while it has no call. */
export interface Slot {
  readonly phase: 'empty' | 'starting' | 'ready' | 'executing' | 'leaving';
  readonly callId: number;
  /** The caller gave the running call up; its outcome is already out. */
  readonly abandoned: boolean;
}

export interface WaitingCall {
  readonly callId: number;
  readonly pid: string;
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
  queue: readonly WaitingCall[];
  /** Monotonic times of the losses that still count. */
  lossesMs: readonly number[];
  /** Processes in a row that ended before they were ready. */
  failedStarts: number;
}

/** Commands carry the id of the operation they belong to, so that a refusal finds its caller. */
export type PackageCommand =
  | { type: 'package.deploy'; operationId: number; target: Target }
  | { type: 'package.start'; operationId: number }
  /** `wanted` null leaves the wish as it is: the Runner closes, the release is to run again next time. */
  | { type: 'package.stop'; operationId: number; wanted: Wanted | null }
  | { type: 'package.uninstall'; operationId: number }
  | { type: 'package.recheck'; operationId: number; target: Target };

export type CallEvent =
  { type: 'call.requested'; callId: number; pid: string } | { type: 'call.cancelled'; callId: number };

export type PackageEvent = PackageCommand | CallEvent | ProcessReport | { type: 'slot.restarted'; slot: number };

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
  | ({ type: 'package.reported'; key: ReleaseKey; fault: Fault | null } & Standing)
  | { type: 'package.gone'; key: ReleaseKey };

/** What a package tells the faces; every accepted call gets exactly one `call.settled`. */
export type PackageEmitted =
  | { type: 'call.settled'; callId: number; outcome: Outcome; fault?: Fault }
  /** The process let go of a call whose caller gave it up: its image may be taken back. */
  | { type: 'call.freed'; callId: number }
  | { type: 'call.refused'; callId: number; fault: Fault }
  | { type: 'operation.refused'; operationId: number };
