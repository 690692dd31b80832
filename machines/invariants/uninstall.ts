import type { ReleaseKey } from '../release.js';
import { hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { deliveredTo, isDelivered } from './view.js';
import type { SystemView } from './view.js';

const rests = (state: string): boolean => hasTag('package', state, 'resting');
const isBeingRemoved = (state: string): boolean => hasTag('package', state, 'removing');

export const uninstall: Invariant<null> = {
  number: 11,
  sentence: 'A routed or busy release is never uninstalled.',
  start: null,
  hears: (seen) =>
    isDelivered(seen, 'runner', ['release.uninstall']) ||
    isDelivered(seen, 'package', ['package.uninstall']) ||
    (seen.what === 'delivered' && seen.machine === 'package' && seen.after.state === 'Gone'),
  watch(_memory, happened, view) {
    const removed = deliveredTo(happened, 'package').flatMap(({ event, before, after: { state, context } }) => {
      const { key, slots, queue } = context;
      if (state === 'Gone') return routedBy(view, key).map((pid) => `${key} is gone although ${pid} points at it`);
      if (event.type !== 'package.uninstall' || !isBeingRemoved(state)) return [];
      const isBusy = queue.length > 0 || slots.some(({ phase }) => phase !== 'empty');
      return [
        ...routedBy(view, key).map((pid) => `${key} is uninstalled although ${pid} needs it`),
        ...(isBusy || !rests(before?.state ?? '') ? [`${key} is uninstalled although it is ${before?.state}`] : []),
      ];
    });
    const asked = deliveredTo(happened, 'runner').flatMap(({ event }) =>
      event.type === 'release.uninstall' ? [event.key] : [],
    );
    return { memory: null, wrong: removed, met: asked.some((key) => isNeeded(view, key)) };
  },
};

/** PIDs that point at it, or would return to it. */
const routedBy = ({ routes }: SystemView, key: ReleaseKey): readonly string[] =>
  [...routes].flatMap(
    ([
      pid,
      {
        context: { release, onProbation, previous, draining },
      },
    ]) => (release === key || draining === key || (onProbation && previous === key) ? [pid] : []),
  );

const isNeeded = (view: SystemView, key: ReleaseKey): boolean => {
  const { state } = view.packages.get(key) ?? {};
  return routedBy(view, key).length > 0 || (state !== undefined && !rests(state) && !isBeingRemoved(state));
};
