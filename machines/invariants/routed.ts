import type { ReleaseKey } from '../release.js';
import { hasAnyTag, hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { deliveredTo, isAtWork, isDelivered } from './view.js';
import type { SystemView } from './view.js';

/** Releases that have served since the Runner opened and were not stopped by force after that. */
type Expected = readonly ReleaseKey[];

const serves = (state: string): boolean => hasTag('package', state, 'serving');
const isBroughtBack = (state: string): boolean => hasAnyTag('package', state, 'requested', 'starting', 'restarting');

export const routed: Invariant<Expected> = {
  number: 1,
  sentence:
    'A routed PID always points at a release that is Running or Executing, or being restarted under its policy, or faulted by name; never at one that is Invalid or gone.',
  start: [],
  hears: (seen) => isDelivered(seen, 'runner', ['release.stop']),
  watch(expected, happened, view) {
    const forced = deliveredTo(happened, 'runner').flatMap(({ event }) =>
      event.type === 'release.stop' && event.force ? [event.key] : [],
    );
    const serving = [...view.packages].flatMap(([key, { state }]) => (serves(state) ? [key] : []));
    const memory = [...new Set([...expected.filter((key) => !forced.includes(key)), ...serving])].sort();
    if (!isAtWork(view)) return { memory, wrong: [], met: false };
    const routes = [...view.routes].flatMap(([pid, { context }]) =>
      context.release === null ? [] : [{ pid, release: context.release }],
    );
    return {
      memory,
      wrong: routes.flatMap(({ pid, release }) => wrongTarget(view, pid, release, memory.includes(release))),
      met: routes.some(({ release }) => memory.includes(release)),
    };
  },
};

function wrongTarget(view: SystemView, pid: string, key: ReleaseKey, expected: boolean): readonly string[] {
  const release = view.packages.get(key);
  if (release === undefined) return [`${pid} points at ${key}, which is gone`];
  const { state, context } = release;
  if (hasTag('package', state, 'undeployed')) return [`${pid} points at ${key}, which is ${state}`];
  const excused = serves(state) || isBroughtBack(state) || context.fault !== null || !expected;
  return excused ? [] : [`${pid} points at ${key}, which is ${state} without a fault`];
}
