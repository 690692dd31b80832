import { own } from '../../../machines/own.js';
import type { Standing } from '../../../machines/package.events.js';
import type { LifecycleState, ReleaseKey, Wanted } from '../../../machines/release.js';
import type { Manifest } from '../../package/index.js';
import type { Fault } from '../../base/errors/index.js';
import { RunnerError } from '../../base/errors/index.js';
import { stateName } from '../../trace/index.js';
import type { Host } from './host.js';
import { unknownRelease } from '../status/unknown-names.js';

export type KnownStanding = Standing & { readonly wanted: Wanted; readonly fault: Fault | null };

export const standingOf = ({ actor }: Host, key: ReleaseKey): KnownStanding | undefined =>
  own(actor.getSnapshot().context.standings, key);

/** @throws RunnerError release_not_found */
export function requireStanding(host: Host, key: ReleaseKey): KnownStanding {
  const standing = standingOf(host, key);
  if (standing !== undefined) return standing;
  throw unknownRelease(key, Object.keys(host.actor.getSnapshot().context.standings));
}

/** Of a deployed release. @throws RunnerError why it cannot serve, where that is known; release_not_found */
export function requireManifest(host: Host, key: ReleaseKey): Manifest {
  const manifest = host.services.releases.get(key)?.manifest;
  if (manifest !== undefined && manifest !== null) return manifest;
  const why = standingOf(host, key)?.fault ?? null;
  if (why !== null) throw RunnerError.from(why);
  throw new RunnerError('release_not_found', `There is no deployed release ${key} in this store.`);
}

/** The Runner's own actor is at its end: it answers nobody any more. */
export const hasEnded = ({ actor }: Host): boolean => actor.getSnapshot().status !== 'active';

export const runnerClosed = (): RunnerError =>
  new RunnerError('runner_closed', 'The Runner was closed while the operation was under way.');

/**
 * The release's standing as soon as it rests or is ready to serve; undefined once it is gone.
 *
 * @throws RunnerError runner_closed when the Runner ends first
 */
export function settledStanding(host: Host, key: ReleaseKey): Promise<KnownStanding | undefined> {
  const { actor } = host;
  // Subscribed to, an actor that has ended would answer inside that very call.
  if (hasEnded(host)) return Promise.reject(runnerClosed());
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const standing = standingOf(host, key);
      if (standing !== undefined && !standing.resting && !standing.ready) return false;
      stop();
      resolve(standing);
      return true;
    };
    const reports = actor.on('release.reported', (report) => void (report.key === key && look()));
    const life = actor.subscribe({
      complete: closed,
      error: closed,
    });
    function stop(): void {
      reports.unsubscribe();
      life.unsubscribe();
    }
    function closed(): void {
      stop();
      reject(runnerClosed());
    }
    look();
  });
}

/** Which of the seven states a release is in now. */
export function lifecycleOf(host: Host, key: ReleaseKey): LifecycleState {
  const snapshot = host.packageActor(key)?.getSnapshot();
  // One whose actor failed is where the Runner says.
  if (snapshot !== undefined && snapshot.status !== 'active') return standingOf(host, key)?.state ?? 'Stopped';
  const value = snapshot?.value ?? 'Discovered';
  return (stateName(value).split('.')[0] ?? 'Discovered') as LifecycleState;
}
