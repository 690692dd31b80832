import { releaseOf } from '../../../machines/release.js';
import { fault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { deploymentState } from '../../store/index.js';
import type { FileSystem, StoreLayout } from '../../store/index.js';
import type { Listing, ReleaseView } from '../status/listing.js';

export interface FaultedRelease {
  readonly release: string;
  readonly state: ReleaseView['state'];
  readonly fault: Fault;
}

export interface FaultedRoute {
  readonly pid: string;
  /** Null: what is written of the PID cannot be understood. */
  readonly release: string | null;
  readonly fault: Fault;
}

/**
 * Releases that are Invalid, stopped with a fault, or are not on the disk as the registry says.
 * @throws RunnerError store_io_failed
 */
export async function faultedReleases(
  { releases }: Listing,
  layout: StoreLayout,
  fs: FileSystem,
): Promise<readonly FaultedRelease[]> {
  const found = await Promise.all(
    releases.map(async ({ release, state, reason }) => {
      const why = reason ?? (restsDeployed(state) ? await whyNotDeployed(release, layout, fs) : null);
      return why === null ? [] : [{ release, state, fault: why }];
    }),
  );
  return found.flat();
}

/** Bound PIDs that cannot be served: by their own file, or by the release they are bound to. */
export function faultedRoutes(
  { releases, routes }: Listing,
  faulted: readonly FaultedRelease[],
): readonly FaultedRoute[] {
  const known = new Set(releases.map(({ release }) => release));
  const faults = new Map(faulted.map(({ release, fault: why }) => [release, why]));
  return routes.flatMap(({ pid, release, fault: own }) => {
    const why = own ?? (release === null ? null : (faults.get(release) ?? null));
    if (why !== null) return [{ pid, release, fault: why }];
    if (release === null || known.has(release)) return [];
    const message = `${pid} is bound to ${release}, which the registry does not know.`;
    const hint = `Install ${release} again, or deactivate ${pid}.`;
    return [{ pid, release, fault: fault('store_corrupt', message, { hint }) }];
  });
}

const restsDeployed = (state: ReleaseView['state']): boolean => state === 'Deployed' || state === 'Stopped';

async function whyNotDeployed(key: string, layout: StoreLayout, fs: FileSystem): Promise<Fault | null> {
  const { name, version } = releaseOf(key);
  const deployment = await deploymentState(layout.deployment(name, version), fs);
  const wrong = (what: string): Fault =>
    fault('store_corrupt', `The deployment of ${key} ${what}.`, { hint: `Install the zip of ${key} again.` });
  switch (deployment.kind) {
    case 'complete':
      return null;
    case 'absent':
      return wrong('is gone');
    case 'incomplete':
      return wrong('is not complete');
    case 'unrecognised':
      return wrong(deployment.reason);
  }
}
