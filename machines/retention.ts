import type { ReleaseKey } from './release.js';
import { releaseOf } from './release.js';

/** How many releases of an algorithm are kept beside those that PIDs need (contract §3.3). */
export const DEFAULT_KEEP = 3;

export interface KeptRelease {
  readonly key: ReleaseKey;
  /** Milliseconds since 1970 of its registration; the newest are kept. */
  readonly createdAtMs: number;
  /** A PID is bound to it, is being switched to it, or would return to it. */
  readonly needed: boolean;
  /** Nothing of it is under way, and it does not run. */
  readonly resting: boolean;
}

/**
 * The releases that may go, the oldest first: not among the `keep` newest of their algorithm, needed by no PID, and
 * resting. Two registered in the same millisecond are told apart by their key, so that the answer is always the same.
 */
export function removableReleases(releases: readonly KeptRelease[], keep: number): readonly ReleaseKey[] {
  const newestFirst = [...releases].sort((a, b) => b.createdAtMs - a.createdAtMs || (a.key < b.key ? 1 : -1));
  const seen = new Map<string, number>();
  const removable = newestFirst.filter(({ key, needed, resting }) => {
    const { name } = releaseOf(key);
    const rank = (seen.get(name) ?? 0) + 1;
    seen.set(name, rank);
    return rank > keep && !needed && resting;
  });
  return removable.map(({ key }) => key).reverse();
}
