import { own } from '../own.js';
import type { ReleaseKey } from '../release.js';
import type { Invariant } from './invariant.js';
import { concernsStops, stopsBySwitch } from './stops.js';
import { deliveredTo, movesRoute } from './view.js';
import type { Seen, SystemView } from './view.js';

/** Until when flows on a release that a PID was moved off have time to finish, by PID and release. */
type Deadlines = Readonly<Record<string, number>>;

const flowsOf = (pid: string, key: ReleaseKey): string => `${pid} on ${key}`;

export const retirement: Invariant<Deadlines> = {
  number: 7,
  sentence:
    'A release is stopped by a switch only when no route and no probation needs it and nothing is in flight, or its drain deadline has passed (faults, force and shutdown are the named exceptions).',
  start: {},
  hears: (seen) => concernsStops(seen) || movesRoute(seen) || drainIsOver(seen),
  watch(deadlines, happened, view) {
    const known = { ...deadlines, ...begunBy(happened, view), ...overBy(happened, view, deadlines) };
    const stops = stopsBySwitch(happened, view);
    const wrong = stops.flatMap(({ before, after }) => {
      const { key } = after.context;
      const cut = before?.state === 'Executing' && after.state !== 'Executing.Draining';
      return [
        ...neededBy(view, key).map((who) => `${key} was stopped although ${who} needs it`),
        ...openFlows(view, key, known).map((flows) => `${key} was stopped although ${flows} are open`),
        ...(cut ? [`${key} was stopped in the middle of a call`] : []),
      ];
    });
    return { memory: stillOpen(known, view), wrong, met: stops.length > 0 };
  },
};

/** PIDs that were just moved off a release their flows still run on. */
const begunBy = (happened: Parameters<typeof deliveredTo>[0], { nowMs }: SystemView): Deadlines =>
  Object.fromEntries(
    deliveredTo(happened, 'route').flatMap(({ before, after: { context } }) => {
      const left = before?.context.release ?? null;
      if (left === null || left === context.release) return [];
      return [[flowsOf(context.pid, left), nowMs + context.policy.drainMs] as const];
    }),
  );

const drainIsOver = (seen: Seen): boolean =>
  seen.what === 'delivered' && seen.machine === 'route' && seen.event.type.startsWith('xstate.after.drainDeadline.');

/** Where no time passes, a deadline has passed when the route is told so. */
const overBy = (happened: readonly Seen[], { isTimeless }: SystemView, deadlines: Deadlines): Deadlines =>
  Object.fromEntries(
    happened.flatMap((seen) => {
      if (isTimeless !== true || !drainIsOver(seen) || seen.what !== 'delivered' || seen.machine !== 'route') return [];
      const { pid } = seen.after.context;
      return Object.keys(deadlines).flatMap((flows) => (flows.startsWith(`${pid} on `) ? [[flows, 0] as const] : []));
    }),
  );

const neededBy = ({ routes, changeovers }: SystemView, key: ReleaseKey): readonly string[] => [
  ...[...routes].flatMap(([pid, { context }]) => {
    const { release, candidate, draining, onProbation, previous } = context;
    return [release, candidate, draining, onProbation ? previous : null].includes(key) ? [pid] : [];
  }),
  ...[...changeovers].flatMap(([name, { context }]) => (context.key === key ? [`changeover/${name}`] : [])),
];

const openFlows = ({ routes, nowMs }: SystemView, key: ReleaseKey, deadlines: Deadlines): readonly string[] =>
  [...routes].flatMap(([pid, { context }]) => {
    const dueMs = deadlines[flowsOf(pid, key)];
    const areOpen = (own(context.flows, key) ?? 0) > 0;
    return areOpen && (dueMs === undefined || nowMs < dueMs) ? [`flows of ${pid}`] : [];
  });

/** A deadline matters as long as there are flows to wait for. */
const stillOpen = (deadlines: Deadlines, { routes }: SystemView): Deadlines => {
  const open = [...routes].flatMap(([pid, { context }]) => Object.keys(context.flows).map((key) => flowsOf(pid, key)));
  return Object.fromEntries(Object.entries(deadlines).filter(([flows]) => open.includes(flows)));
};
