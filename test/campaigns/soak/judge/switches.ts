import type { Attempt, ProcessEntry } from '../ledgers/processes.js';
import type { Evidence, Kill, Operation } from './evidence.js';

/** Whether the campaign met what it was to meet: kills and switches in the middle of work. */

/** A call somebody worked at when the process was killed. */
export function hitACall({ atMs, id }: Kill, processes: readonly ProcessEntry[]): boolean {
  const last = processes.find((process) => process.id === id)?.attempts.at(-1);
  return last !== undefined && last.replied === null && last.beganMs <= atMs;
}

export const isCommitted = ({ committedMs }: Operation): boolean => committedMs !== null;

/** Switches at whose commit a release that was left had a call running. */
export function countInFlight({ operations, processes }: Evidence): number {
  return operations.filter(({ kind, committedMs, from, to }) => {
    if (kind !== 'switch' || committedMs === null) return false;
    const left = processes.filter(({ release }) => release !== to && from.includes(release));
    return left.some(({ attempts }) => attempts.some((attempt) => isRunningAt(attempt, committedMs)));
  }).length;
}

const isRunningAt = ({ beganMs, lastSignMs }: Attempt, atMs: number): boolean => beganMs <= atMs && atMs <= lastSignMs;

/** Flows that were not served by the release they began with, from first to last. */
export function findTornFlows({ calls, processes }: Evidence): string[] {
  const served = new Map<string, Set<string>>();
  const note = (flowId: string, release: string): void => {
    const known = served.get(flowId);
    if (known === undefined) served.set(flowId, new Set([release]));
    else known.add(release);
  };
  for (const { flowId, release, ends } of calls)
    for (const end of [{ release }, ...ends]) if (end.release !== null) note(flowId, end.release);
  for (const { release, attempts } of processes) for (const { flowId } of attempts) note(flowId, release);
  return [...served].flatMap(([flowId, releases]) =>
    releases.size > 1 ? [`flow ${flowId} was served by ${[...releases].join(' and ')}`] : [],
  );
}
