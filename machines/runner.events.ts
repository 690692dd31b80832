import type { ChangeoverReport, ChangeoverStage } from './changeover.events.js';
import type { Fault } from './fault.js';
import type { PackageReport, ReleasePolicy, Standing, StoredRelease, StoredRoute, Target } from './package.events.js';
import type { ProbationPolicy } from './probation.js';
import type { ReleaseKey, Wanted } from './release.js';
import type { ActivationFacts, ChangeKind, RouteReport } from './route.events.js';

export interface RunnerInput {
  readonly policy: ReleasePolicy;
  /** What single releases do differently, by `name@version` or by `name`. */
  readonly overrides: Readonly<Record<string, ReleasePolicy>>;
  readonly protocols: readonly number[];
  /** Start what is wanted running as soon as the store is read. */
  readonly resume: boolean;
  /** Actors placed or taken away in one turn of the event loop; left out: all. */
  readonly actorsPerTurn?: number;
}

/** The releases a PID needs: none of them is stopped unforced or uninstalled. */
export interface Needs {
  readonly key: ReleaseKey | null;
  readonly candidate: ReleaseKey | null;
  readonly kept: ReleaseKey | null;
  /** Nothing of the route is being written. */
  readonly settled: boolean;
}

/** A change of routes under way. */
export interface OpenChangeover {
  readonly operationId: number;
  readonly kind: ChangeKind;
  readonly key: ReleaseKey | null;
  readonly pids: readonly string[];
  /** Why the Runner does it by itself. */
  readonly reason: Fault | null;
  readonly stage: ChangeoverStage;
}

export interface RunnerContext extends RunnerInput {
  /** Where each release stands, as it last reported. */
  standings: Readonly<Record<ReleaseKey, Standing & { readonly wanted: Wanted; readonly fault: Fault | null }>>;
  needs: Readonly<Record<string, Needs>>;
  /** By first PID. */
  changeovers: Readonly<Record<string, OpenChangeover>>;
  /** Releases that run for the sake of a changeover that has not committed, with what was wanted of them before. */
  warmed: Readonly<Record<ReleaseKey, Wanted>>;
  /** PIDs that have a route actor. */
  routes: readonly string[];
  /** What the store holds and has no actor yet. */
  unplaced: readonly (StoredRelease | StoredRoute)[];
  /** What routes wanted before every actor was placed. */
  putOff: readonly Extract<RouteReport, { type: 'route.reported' | 'rollback.wanted' }>[];
  /** Actors still to be taken away, while the Runner ends. */
  placed: readonly string[];
  fault: Fault | null;
  /** Asked to close before the store was read. */
  closing: boolean;
}

export type RunnerEvent =
  | PackageReport
  | RouteReport
  | ChangeoverReport
  /** A zip was found or handed in; `target` says how far it goes by itself. */
  | { type: 'package.found'; key: ReleaseKey; target: Target }
  | {
      type: 'changeover.asked';
      operationId: number;
      kind: ChangeKind;
      key: ReleaseKey | null;
      pids: readonly string[];
      facts: Readonly<Record<string, ActivationFacts>>;
      /** What the probation does differently from the release's policy. */
      probation: Partial<ProbationPolicy>;
    }
  /** Calls a change off that is not yet committed. */
  | { type: 'changeover.cancel'; operationId: number }
  /** What a change of routes cost, as measured beside the machines: for the trace. */
  | {
      type: 'changeover.measured';
      operationId: number;
      outcome: string;
      callsOld: number;
      callsNew: number;
      errors: number;
      downtimeMs: number;
    }
  | { type: 'release.stop'; operationId: number; key: ReleaseKey; force: boolean }
  | { type: 'release.uninstall'; operationId: number; key: ReleaseKey }
  | { type: 'runner.close' }
  /** No inspection is under way any more. */
  | { type: 'flows.finished' }
  /** While closing: what still drains is cut short, what still stops is killed. */
  | { type: 'runner.hurry' };

export type RunnerEmitted =
  | { type: 'operation.refused'; operationId: number; fault?: Fault }
  | { type: 'release.reported'; key: ReleaseKey }
  | ({ type: 'changeover.reported'; moved: readonly string[]; fault: Fault | null } & OpenChangeover)
  | { type: 'route.reported'; pid: string }
  | { type: 'actor.failed'; actor: string; fault: Fault };

export const packageId = (key: ReleaseKey): string => `package/${key}`;
export const routeId = (pid: string): string => `route/${pid}`;
/** A changeover goes by its first PID: no PID can be in two of them. */
export const changeoverName = (pids: readonly string[]): string => pids[0] ?? '';
export const changeoverId = (name: string): string => `changeover/${name}`;
