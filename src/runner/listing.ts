import type { LifecycleState, Wanted } from '../../machines/release.js';
import { keyOf } from '../../machines/release.js';
import type { Fault } from '../errors/index.js';
import type { RegistryEntry } from '../store/index.js';

/** One release as every face shows it. */
export interface ReleaseView {
  readonly release: string;
  readonly name: string;
  readonly version: string;
  readonly state: LifecycleState;
  /** Why it is Invalid, or stopped without being asked to. */
  readonly reason: Fault | null;
  readonly wanted: Wanted;
  readonly supportedPids: readonly string[];
  /** PIDs bound to it. */
  readonly routedPids: readonly string[];
  readonly sha256: string;
  readonly zip: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface RouteView {
  readonly pid: string;
  readonly release: string | null;
  readonly activatedAt: string | null;
  /** Why the PID is degraded. */
  readonly fault: Fault | null;
}

export interface Listing {
  readonly releases: readonly ReleaseView[];
  readonly routes: readonly RouteView[];
}

export function releaseView(
  entry: RegistryEntry,
  routedPids: readonly string[],
  live?: { readonly state: LifecycleState; readonly fault: Fault | null },
): ReleaseView {
  const { name, version } = entry;
  return {
    release: keyOf(entry),
    name,
    version,
    state: live?.state ?? entry.state,
    reason: live?.fault ?? entry.reason ?? null,
    wanted: entry.wanted,
    supportedPids: entry.supported_pids,
    routedPids,
    sha256: entry.sha256,
    zip: entry.zip,
    createdAt: entry.created_at,
    updatedAt: entry.updated_at,
  };
}
