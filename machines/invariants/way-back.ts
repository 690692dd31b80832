import type { ReleaseKey } from '../release.js';
import { hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { deliveredTo, isDelivered } from './view.js';
import type { Delivered, Seen, SystemView } from './view.js';

/** Where PIDs are returning to from their probation, by PID. */
type Returning = Readonly<Record<string, ReleaseKey>>;

const serves = (state: string): boolean => hasTag('package', state, 'serving');

export const wayBack: Invariant<Returning> = {
  number: 8,
  sentence: 'From Probation, rollback is always possible and ends on the old release.',
  start: {},
  hears: (seen) =>
    isDelivered(seen, 'route', ['route.prepare', 'route.commit', 'route.abort']) ||
    isDelivered(seen, 'runner', ['rollback.wanted']) ||
    isDelivered(seen, 'changeover'),
  watch(returning, happened, view) {
    const known = new Map(Object.entries(returning));
    const wrong = [...ignoredWishes(happened)];
    for (const delivered of deliveredTo(happened, 'route')) {
      const { actor, event, after } = delivered;
      const { pid, release } = after.context;
      const goal = known.get(pid);
      if (beginsReturn(delivered)) {
        const previous = delivered.before.context.previous ?? '';
        known.set(pid, previous);
        if (after.state !== 'RollingBack') wrong.push(`${actor} refused to return to ${previous}`);
      } else if (goal !== undefined && event.type === 'route.commit') {
        known.delete(pid);
        if (release !== goal) wrong.push(`${actor} returned to ${release} instead of ${goal}`);
      } else if (goal !== undefined && event.type === 'route.abort') {
        known.delete(pid);
        if (!isExcused(happened, view, goal)) wrong.push(`${actor} could not return to ${goal}, for no good reason`);
      }
    }
    return { memory: Object.fromEntries(known), wrong, met: known.size > Object.keys(returning).length };
  },
  atRest: (_returning, { routes, packages, runner }) =>
    runner.state !== 'Serving'
      ? []
      : [...routes].flatMap(
          ([
            pid,
            {
              state,
              context: { onProbation, failed, previous },
            },
          ]) => {
            const warm = previous !== null && serves(packages.get(previous)?.state ?? '');
            return onProbation && failed !== null && warm
              ? [`${pid} failed its probation and is still ${state}, although ${previous} is warm`]
              : [];
          },
        ),
};

/** A change back to what is kept warm, asked of a PID that nothing else is being done to. */
function beginsReturn(
  delivered: Delivered<'route'>,
): delivered is Delivered<'route'> & { before: NonNullable<Delivered<'route'>['before']> } {
  const { event, before } = delivered;
  if (before === null || event.type !== 'route.prepare' || event.kind !== 'rollback') return false;
  const { onProbation, previous } = before.context;
  const isServed = event.facts.supported && event.facts.missingAssets.length === 0;
  return onProbation && event.key === previous && isServed && hasTag('route', before.state, 'proving');
}

/**
 * Rollbacks that a route asked for and that nobody began, although nothing else goes by the PID's name. (If something
 * does, the route asks again.)
 */
const ignoredWishes = (happened: readonly Seen[]): readonly string[] =>
  deliveredTo(happened, 'runner').flatMap(({ event, after }) =>
    event.type === 'rollback.wanted' &&
    after.state === 'Serving' &&
    !Object.hasOwn(after.context.changeovers, event.pid)
      ? [`nobody took up that ${event.pid} wants to return`]
      : [],
  );

/** The old release cannot be started, the file cannot be written, another PID of the change refused, or somebody called it off. */
const isExcused = (happened: readonly Seen[], view: SystemView, goal: ReleaseKey): boolean =>
  !serves(view.packages.get(goal)?.state ?? '') ||
  deliveredTo(happened, 'changeover').some(
    ({ event }) =>
      event.type === 'changeover.cancel' ||
      event.type === 'xstate.error.actor.commitRoutes' ||
      (event.type === 'route.prepared' && event.refusal !== null),
  );
