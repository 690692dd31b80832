import type { ReleaseKey } from './release.js';
import type { RouteReport } from './route.events.js';
import type { Needs, RunnerContext } from './runner.events.js';

/** Which releases PIDs need, and which nobody needs any more: pure functions over what routes reported. */
const keysOf = ({ key, candidate, kept }: Needs): readonly (ReleaseKey | null)[] => [key, candidate, kept];

/** PIDs that point at the release, are about to, or keep it. */
export const pidsThatNeed = ({ needs }: Pick<RunnerContext, 'needs'>, key: ReleaseKey): readonly string[] =>
  Object.entries(needs).flatMap(([pid, need]) => (keysOf(need).includes(key) ? [pid] : []));

export function needsAfter(
  { needs }: RunnerContext,
  { pid, key, candidate, kept, settled }: Extract<RouteReport, { type: 'route.reported' }>,
): RunnerContext['needs'] {
  const { [pid]: _old, ...others } = needs;
  const isIdle = key === null && candidate === null && kept === null && settled;
  return isIdle ? others : { ...others, [pid]: { key, candidate, kept, settled } };
}

/**
 * Releases to stop because of this report: one that another took the place of, or that was started for a change which
 * was called off; and that no PID and no other change needs (invariant 7).
 */
export function releasesToStop(
  context: RunnerContext,
  report: Extract<RouteReport, { type: 'route.reported' }>,
): readonly ReleaseKey[] {
  const { needs, changeovers, warmed } = context;
  const before = needs[report.pid];
  const letGo = [report.retired, ...Object.keys(warmed).filter((key) => key === before?.candidate)];
  const after = { needs: needsAfter(context, report) };
  const isWanted = (key: ReleaseKey): boolean =>
    pidsThatNeed(after, key).length > 0 || Object.values(changeovers).some((change) => change.key === key);
  return letGo.flatMap((key) => (key === null || isWanted(key) ? [] : [key]));
}
