import { fault } from './fault.js';
import type { Fault } from './fault.js';
import type { ReleaseFacts, StoredRelease } from './package.events.js';
import type { ReleaseKey, RestingState, Wanted } from './release.js';

/** What the disk holds of one release, without a judgement (contract §9). */
export interface ReleaseOnDisk {
  readonly key: ReleaseKey;
  readonly registered: RestingState;
  readonly wanted: Wanted;
  readonly reason: Fault | null;
  /** The complete deployment's facts; null when there is none, or none that can be read. */
  readonly facts: ReleaseFacts | null;
  /** Why a deployment that is there cannot be used. */
  readonly damage: Fault | null;
}

/**
 * Where a release rests after a restart, whatever moment the last Runner died at.
 *
 * - deployed and registered so: as the registry says
 * - deployed, but the registry not yet told (killed in between): Deployed
 * - registered as deployed, but the deployment is gone or damaged: Invalid, with the reason
 * - registered as Invalid, but completely deployed and sound: Stopped. Only a probed release is ever completely deployed,
 *   so that what made it Invalid was found on the disk (a file gone, a host that could not read it) and is mended
 * - anything else: as the registry says
 */
export function placeRelease({ key, registered, wanted, reason, facts, damage }: ReleaseOnDisk): StoredRelease {
  const place = (state: RestingState, why: Fault | null): StoredRelease => ({ key, state, wanted, reason: why, facts });
  switch (registered) {
    case 'Deployed':
    case 'Stopped':
      return facts === null ? place('Invalid', damage ?? deploymentGone(key)) : place(registered, reason);
    case 'Discovered':
    case 'Validated':
      return facts === null ? place(registered, reason) : place('Deployed', null);
    case 'Invalid':
      return facts === null ? place('Invalid', damage ?? reason) : place('Stopped', null);
  }
}

const deploymentGone = (key: ReleaseKey): Fault =>
  fault('store_corrupt', `${key} is registered as deployed, but its deployment is not there.`, {
    hint: 'Install its zip again, or discard it.',
  });
