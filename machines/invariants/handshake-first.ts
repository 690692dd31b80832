import type { ReleaseKey } from '../release.js';
import { hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { deliveredTo, entered, isDelivered, movesRoute } from './view.js';
import type { SystemView } from './view.js';

/** Releases that were ready when a changeover began to commit to them, by its name. */
type Verified = Readonly<Record<string, ReleaseKey>>;

export const handshakeFirst: Invariant<Verified> = {
  number: 2,
  sentence: 'A route changes only after the new release has shaken hands and agreed with its manifest.',
  start: {},
  hears: (seen) => isDelivered(seen, 'changeover') || movesRoute(seen),
  watch(verified, happened, view) {
    const wrong: string[] = [];
    const begun: Record<string, ReleaseKey> = {};
    for (const delivered of deliveredTo(happened, 'changeover')) {
      const { key } = delivered.after.context;
      if (!entered(delivered, 'Committing') || key === null) continue;
      begun[delivered.actor.replace('changeover/', '')] = key;
      if (!hasConfirmed(view, key)) wrong.push(`${delivered.actor} commits to ${key}, which has no confirmed process`);
    }
    const known = { ...verified, ...begun };
    const moves = deliveredTo(happened, 'route').filter(movesRoute);
    for (const { actor, event, after } of moves) {
      const { release } = after.context;
      if (event.type !== 'route.commit') wrong.push(`${actor} went to ${release} on ${event.type}`);
      if (release !== null && ![...Object.values(verified), ...Object.values(begun)].includes(release))
        wrong.push(`${actor} went to ${release}, which nobody had seen ready`);
    }
    return {
      memory: Object.fromEntries(Object.entries(known).filter(([name]) => view.changeovers.has(name))),
      wrong,
      met: moves.some(({ after }) => after.context.release !== null),
    };
  },
};

const hasConfirmed = ({ processes }: SystemView, key: ReleaseKey): boolean =>
  [...processes.values()].some(({ state, context }) => context.key === key && hasTag('process', state, 'confirmed'));
