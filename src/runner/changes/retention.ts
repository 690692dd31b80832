import { own } from '../../../machines/own.js';
import { removableReleases } from '../../../machines/retention.js';
import { keyOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';
import { pidsThatNeed } from '../../../machines/runner.needs.js';
import type { Host } from '../host/host.js';

/** Releases that may go: beyond the newest of each algorithm, and no PID needs or would return to them (contract §3.3). */
export function removableIn(host: Host, keep: number): readonly ReleaseKey[] {
  const { actor, services } = host;
  const { context } = actor.getSnapshot();
  const returnedTo = new Set(context.routes.map((pid) => host.routeActor(pid)?.getSnapshot().context.previous));
  const releases = services.registry.entries().flatMap((entry) => {
    const key = keyOf(entry);
    const standing = own(context.standings, key);
    if (standing === undefined) return [];
    const createdAtMs = Date.parse(entry.created_at);
    const needed = pidsThatNeed(context, key).length > 0 || returnedTo.has(key);
    return [{ key, createdAtMs, needed, resting: standing.resting }];
  });
  return removableReleases(releases, keep);
}
