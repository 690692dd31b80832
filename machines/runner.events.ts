import type { Fault } from './fault.js';
import type { PackageReport, ReleasePolicy, Standing, Target } from './package.events.js';
import type { ReleaseKey } from './release.js';
import type { RouteReport } from './route.events.js';

export interface RunnerInput {
  readonly policy: ReleasePolicy;
  /** What single releases do differently, by `name@version` or by `name`. */
  readonly overrides: Readonly<Record<string, Partial<ReleasePolicy>>>;
  readonly protocols: readonly number[];
  /** Start what is wanted running as soon as the store is read. */
  readonly resume: boolean;
}

export interface RunnerContext extends RunnerInput {
  /** Where each release stands, as it last reported. */
  standings: Readonly<Record<ReleaseKey, Standing & { readonly fault: Fault | null }>>;
  /** Which release each PID is bound to. */
  bindings: Readonly<Record<string, ReleaseKey>>;
  /** PIDs whose route is being made or unmade, and for which release. */
  unsettled: Readonly<Record<string, ReleaseKey | null>>;
  /** PIDs that have a route actor. */
  routes: readonly string[];
  fault: Fault | null;
  /** Asked to close before the store was read. */
  closing: boolean;
}

export type RunnerEvent =
  | PackageReport
  | RouteReport
  /** A zip was found or handed in; `target` says how far it goes by itself. */
  | { type: 'package.found'; key: ReleaseKey; target: Target }
  | { type: 'route.opened'; pid: string }
  | { type: 'release.stop'; operationId: number; key: ReleaseKey; force: boolean }
  | { type: 'release.uninstall'; operationId: number; key: ReleaseKey }
  | { type: 'runner.close' };

export type RunnerEmitted =
  | { type: 'operation.refused'; operationId: number; fault?: Fault }
  | { type: 'release.reported'; key: ReleaseKey }
  | { type: 'actor.failed'; actor: string; fault: Fault };

export const packageId = (key: ReleaseKey): string => `package/${key}`;
export const routeId = (pid: string): string => `route/${pid}`;
