import { own } from '../../../machines/own.js';
import type { LifecycleState, Wanted } from '../../../machines/release.js';
import { keyOf, releaseOf } from '../../../machines/release.js';
import { weakest } from '../../platform/index.js';
import type { IsolationLevel } from '../../platform/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { RegistryEntry, Route } from '../../store/index.js';
import type { Host } from '../host/host.js';
import { lifecycleOf } from '../host/release-status.js';

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
  /** Of its processes, the weakest, as seen from outside; null while none runs. */
  readonly isolation: IsolationLevel | null;
  /** Whether `get_info` could be held against the manifest; null before the first hello of a process. */
  readonly infoCompared: boolean | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface RouteView {
  readonly pid: string;
  readonly release: string | null;
  readonly activatedAt: string | null;
  /** What a rollback returns to. */
  readonly previous: string | null;
  /** `release` has to prove itself; `previous` is kept warm. */
  readonly onProbation: boolean;
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
  isolation: IsolationLevel | null,
  live?: { readonly state: LifecycleState; readonly fault: Fault | null; readonly infoCompared?: boolean | undefined },
): ReleaseView {
  const { name, version } = entry;
  return {
    release: keyOf(entry),
    name,
    version,
    state: live?.state ?? entry.state,
    reason: live === undefined ? (entry.reason ?? null) : live.fault,
    wanted: entry.wanted,
    supportedPids: entry.supported_pids,
    routedPids,
    sha256: entry.sha256,
    zip: entry.zip,
    isolation,
    infoCompared: live?.infoCompared ?? null,
    createdAt: entry.created_at,
    updatedAt: entry.updated_at,
  };
}

/** A route as its file says. */
export function routeView(pid: string, { name, version, activated_at, previous, probation }: Route): RouteView {
  return {
    pid,
    release: keyOf({ name, version }),
    activatedAt: activated_at,
    previous: previous === undefined ? null : keyOf(previous),
    onProbation: previous !== undefined && probation !== undefined,
    fault: null,
  };
}

/** A route whose file cannot be understood. */
export const degradedRoute = (pid: string, fault: Fault): RouteView => ({
  pid,
  release: null,
  activatedAt: null,
  previous: null,
  onProbation: false,
  fault,
});

function isolationOfRelease({ services }: Host, key: string): IsolationLevel | null {
  const ofRelease = [...services.processes.values()].filter((process) => process.key === key);
  return weakest(ofRelease.flatMap(({ isolation }) => isolation ?? []));
}

/** Every release and route as the actors have them now. */
export function listingOf(host: Host): Listing {
  const { context } = host.actor.getSnapshot();
  const { registry, routes: files } = host.services;
  // A PID whose route failed is still bound.
  const pids = [...new Set([...context.routes, ...Object.keys(context.needs)])];
  const routes = pids.flatMap((pid): RouteView[] => {
    const route = host.routeActor(pid)?.getSnapshot().context;
    if (route === undefined || (route.release === null && route.fault === null)) return [];
    const { release, previous, onProbation, fault } = route;
    return [{ pid, release, activatedAt: files.get(pid)?.activated_at ?? null, previous, onProbation, fault }];
  });
  const releases = Object.keys(context.standings).flatMap((key): ReleaseView[] => {
    const { name, version } = releaseOf(key);
    const entry = registry.get(name, version);
    if (entry === undefined) return [];
    const bound = routes.flatMap(({ pid, release }) => (release === key ? [pid] : []));
    return [
      releaseView(entry, bound, isolationOfRelease(host, key), {
        state: lifecycleOf(host, key),
        fault: own(context.standings, key)?.fault ?? null,
        infoCompared: host.services.infoCompared.get(key),
      }),
    ];
  });
  return { releases, routes };
}
