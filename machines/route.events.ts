import type { Fault } from './fault.js';
import type { ReleaseKey } from './release.js';

/** `active/<pid>.json` as far as the machines decide it (contract §8, §9). */
export interface RouteRecord {
  readonly pid: string;
  readonly key: ReleaseKey;
}

export interface RouteInput {
  readonly pid: string;
  /** What the store says the PID is bound to. */
  readonly bound: ReleaseKey | null;
  /** Why the store cannot say what the PID is bound to. */
  readonly fault: Fault | null;
}

export interface RouteContext {
  readonly pid: string;
  /** The release this PID is bound to; a face reads it and sends the call straight to the package. */
  release: ReleaseKey | null;
  /** The release being made ready. */
  candidate: ReleaseKey | null;
  operationId: number;
  /** Detection flows begun and not yet ended. */
  openFlows: number;
  /** Why the PID cannot be served as it is bound: its release's fault, or a route file nobody understands. */
  fault: Fault | null;
  /** Why the operation under way is about to fail. */
  refusal: Fault | null;
}

/** Facts an activation is judged by, gathered when it is asked for. */
export interface ActivationFacts {
  readonly supported: boolean;
  readonly missingAssets: readonly string[];
}

export type RouteEvent =
  | { type: 'route.activate'; operationId: number; key: ReleaseKey; facts: ActivationFacts }
  | { type: 'route.deactivate'; operationId: number }
  | { type: 'release.changed'; key: ReleaseKey; able: boolean; resting: boolean; fault: Fault | null }
  | { type: 'flow.opened'; flowId: number }
  | { type: 'flow.closed'; flowId: number; reason: 'finished' | 'cancelled' | 'expired' | 'lost' };

/** What a route asks of and tells the Runner. */
export type RouteReport =
  | { type: 'release.wanted'; key: ReleaseKey; pid: string }
  /** What the PID is bound to, and what it is about to be bound to while `settled` is false. */
  | { type: 'route.reported'; pid: string; key: ReleaseKey | null; candidate: ReleaseKey | null; settled: boolean };

export type RouteEmitted =
  { type: 'operation.refused'; operationId: number; fault?: Fault } | { type: 'operation.done'; operationId: number };
