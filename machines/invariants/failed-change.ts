import { own } from '../own.js';
import type { ReleaseKey } from '../release.js';
import type { RouteRecord } from '../route.events.js';
import { hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { concernsStops, stopsBySwitch } from './stops.js';
import { deliveredTo, entered, isDelivered } from './view.js';
import type { SystemView } from './view.js';

/** How a PID was when a changeover that it takes part in began. */
interface Was {
  readonly release: ReleaseKey | null;
  readonly previous: ReleaseKey | null;
  readonly onProbation: boolean;
  readonly file: RouteRecord | null;
}
/** By changeover and PID. */
type Begun = Readonly<Record<string, Readonly<Record<string, Was>>>>;

export const failedChange: Invariant<Begun> = {
  number: 3,
  sentence: 'A failed switch leaves the route, the file and the old release as they were.',
  start: {},
  hears: (seen) => isDelivered(seen, 'changeover') || concernsStops(seen),
  watch(begun, happened, view) {
    const changeovers = deliveredTo(happened, 'changeover');
    const born = changeovers.filter(({ before }) => before === null);
    const known = {
      ...begun,
      ...Object.fromEntries(born.map(({ actor, after }) => [actor, waysOf(view, after.context.pids)])),
    };
    const failed = changeovers.filter((delivered) => entered(delivered, 'Aborting'));
    const stopped = stopsBySwitch(happened, view).map(({ after }) => after.context.key);
    const wrong = failed.flatMap(({ actor, after }) =>
      after.context.moving.flatMap(({ pid }) => {
        const was = own(own(known, actor) ?? {}, pid);
        return was === undefined ? [] : differences(view, pid, was, stopped).map((what) => `${actor} failed: ${what}`);
      }),
    );
    const lives = (actor: string) => view.changeovers.has(actor.replace('changeover/', ''));
    return {
      memory: Object.fromEntries(Object.entries(known).filter(([actor]) => lives(actor))),
      wrong,
      met: failed.some(({ after }) => after.context.moving.length > 0),
    };
  },
};

const waysOf = ({ routes, files }: SystemView, pids: readonly string[]): Readonly<Record<string, Was>> =>
  Object.fromEntries(
    pids.flatMap((pid) => {
      const { release, previous, onProbation } = routes.get(pid)?.context ?? {};
      if (release === undefined || previous === undefined || onProbation === undefined) return [];
      return [[pid, { release, previous, onProbation, file: files.get(pid) ?? null }] as const];
    }),
  );

function differences(view: SystemView, pid: string, was: Was, stopped: readonly ReleaseKey[]): readonly string[] {
  const is = own(waysOf(view, [pid]), pid);
  // Its route may have ended with the Runner.
  if (is === undefined) return view.runner.state === 'Closed' ? [] : [`${pid} has no route any more`];
  const { state = '' } = view.routes.get(pid) ?? {};
  const isHeldAgain = [...view.changeovers.values()].some(({ context }) => context.pids.includes(pid));
  const needed = was.onProbation ? [was.release, was.previous] : [was.release];
  return [
    ...(was.release !== is.release ? [`${pid} went from ${was.release} to ${is.release}`] : []),
    ...(was.previous !== is.previous ? [`${pid} would return to ${is.previous}, not to ${was.previous}`] : []),
    ...(was.onProbation !== is.onProbation ? [`the probation of ${pid} changed`] : []),
    ...(isSame(was.file, is.file) ? [] : [`the file of ${pid} changed`]),
    ...(hasTag('route', state, 'held') && !isHeldAgain ? [`${pid} still holds still`] : []),
    ...needed.flatMap((key) => (key !== null && stopped.includes(key) ? [`${key} was stopped`] : [])),
  ];
}

const isSame = (a: RouteRecord | null, b: RouteRecord | null): boolean =>
  a === b || (a?.key === b?.key && a?.previous === b?.previous && (a?.probation === null) === (b?.probation === null));
