import { assertEvent, assign, emit, enqueueActions, setup } from 'xstate';
import { effect } from './effects.js';
import { fault, faultOf } from './fault.js';
import type { Fault } from './fault.js';
import type {
  PackageCommand,
  PackageInput,
  ReleasePolicy,
  StoreFacts,
  StoredRelease,
  Target,
} from './package.events.js';
import { packageMachine } from './package.machine.js';
import { releaseOf } from './release.js';
import type { ReleaseKey } from './release.js';
import { routeMachine } from './route.machine.js';
import type { RouteEvent } from './route.events.js';
import { packageId, routeId } from './runner.events.js';
import type { RunnerContext, RunnerEmitted, RunnerEvent, RunnerInput } from './runner.events.js';

/** The policy a release lives under: the Runner's, what its name does differently, what it does differently itself. */
export const policyFor = (key: ReleaseKey, { policy, overrides }: RunnerInput): ReleasePolicy => ({
  ...policy,
  ...overrides[releaseOf(key).name],
  ...overrides[key],
});

const packageInput = (
  context: RunnerContext,
  key: ReleaseKey,
  target: Target,
  stored: StoredRelease | null,
): PackageInput => ({
  key,
  policy: policyFor(key, context),
  protocols: context.protocols,
  target,
  stored,
});

/** PIDs that point at the release or are about to. */
const boundPids = ({ bindings, unsettled }: RunnerContext, key: ReleaseKey): readonly string[] =>
  [...Object.entries(bindings), ...Object.entries(unsettled)].flatMap(([pid, bound]) => (bound === key ? [pid] : []));

const UNSEEN = { state: 'Discovered', ready: false, resting: false, fault: null } as const;

/**
 * One Runner per store: it reads the facts, brings every release and route to its place, relays between them, and ends
 * by draining.
 *
 * INVARIANTS
 * - A routed release is not stopped unless forced, and never uninstalled (contract §8, invariant 11).
 * - Closed is reached only when every release rests (invariant 12).
 * - An actor that fails is reported by name; a release whose actor failed is Stopped with the fault, and its routes
 *   are told. Nothing is silently gone, and nobody waits for it.
 */
export const runnerMachine = setup({
  types: {
    input: {} as RunnerInput,
    context: {} as RunnerContext,
    events: {} as RunnerEvent,
    emitted: {} as RunnerEmitted,
  },
  actors: { package: packageMachine, route: routeMachine, recoverStore: effect('recoverStore') },
  guards: {
    isAwake: ({ event }) => event.type === 'package.reported' && !event.resting,
    isClosing: ({ context }) => context.closing,
    isKnown: ({ context, event }) => 'key' in event && event.key !== null && event.key in context.standings,
    hasRoute: ({ context, event }) => event.type === 'route.opened' && context.routes.includes(event.pid),
    isRouted: ({ context, event }) => event.type === 'release.uninstall' && boundPids(context, event.key).length > 0,
    isRoutedUnforced: ({ context, event }) =>
      event.type === 'release.stop' && !event.force && boundPids(context, event.key).length > 0,
    isBusy: ({ context, event }) =>
      event.type === 'release.uninstall' && context.standings[event.key]?.resting === false,
    allRest: ({ context }) =>
      Object.values(context.standings).every(({ resting }) => resting) && Object.keys(context.unsettled).length === 0,
  },
  actions: {
    placeActors: enqueueActions(({ context, event, enqueue }) => {
      const { releases, routes } = (event as unknown as { output: StoreFacts }).output;
      for (const stored of releases) {
        const target = stored.state === 'Discovered' ? 'Deployed' : 'Validated';
        enqueue.spawnChild('package', {
          id: packageId(stored.key),
          input: packageInput(context, stored.key, target, stored),
        });
      }
      for (const { pid, key, fault: reason } of routes)
        enqueue.spawnChild('route', { id: routeId(pid), input: { pid, bound: key, fault: reason } });
      enqueue.assign({
        standings: Object.fromEntries(releases.map(({ key }) => [key, context.standings[key] ?? UNSEEN])),
        bindings: Object.fromEntries(routes.flatMap(({ pid, key }) => (key === null ? [] : [[pid, key] as const]))),
        routes: routes.map(({ pid }) => pid),
      });
      if (!context.resume) return;
      for (const { key, wanted, facts } of releases)
        if (wanted === 'running' && facts !== null) enqueue.sendTo(packageId(key), startCommand);
    }),
    spawnPackage: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'package.found');
      const input = packageInput(context, event.key, event.target, null);
      enqueue.assign({ standings: { ...context.standings, [event.key]: UNSEEN } });
      enqueue.spawnChild('package', { id: packageId(event.key), input });
    }),
    spawnRoute: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'route.opened');
      enqueue.assign({ routes: [...context.routes, event.pid] });
      enqueue.spawnChild('route', { id: routeId(event.pid), input: { pid: event.pid, bound: null, fault: null } });
    }),
    noteStanding: assign(({ context, event }) => {
      assertEvent(event, 'package.reported');
      const { key, state, ready, resting, fault: reason } = event;
      return { standings: { ...context.standings, [key]: { state, ready, resting, fault: reason } } };
    }),
    forgetPackage: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'package.gone');
      const { [event.key]: _gone, ...standings } = context.standings;
      enqueue.stopChild(packageId(event.key));
      enqueue.assign({ standings });
    }),
    relayToRoutes: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['package.reported', 'package.gone']);
      const change = releaseChange(event);
      for (const pid of context.routes) enqueue.sendTo(routeId(pid), change);
    }),
    relayWish: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'release.wanted');
      enqueue.sendTo(packageId(event.key), startCommand);
    }),
    denyWish: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'release.wanted');
      enqueue.sendTo(routeId(event.pid), releaseChange({ type: 'package.gone', key: event.key }));
    }),
    noteBinding: assign(({ context, event }) => {
      assertEvent(event, 'route.reported');
      const { pid, key, candidate } = event;
      const { [pid]: _bound, ...bindings } = context.bindings;
      const { [pid]: _candidate, ...unsettled } = context.unsettled;
      return {
        bindings: key === null ? bindings : { ...bindings, [pid]: key },
        unsettled: event.settled ? unsettled : { ...unsettled, [pid]: candidate },
      };
    }),
    announceReport: emit(({ event }): RunnerEmitted => {
      assertEvent(event, ['package.reported', 'package.gone']);
      return { type: 'release.reported', key: event.key };
    }),
    relayStop: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'release.stop');
      enqueue.sendTo(packageId(event.key), {
        type: 'package.stop',
        operationId: event.operationId,
        wanted: 'stopped',
      } satisfies PackageCommand);
    }),
    relayUninstall: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'release.uninstall');
      enqueue.sendTo(packageId(event.key), {
        type: 'package.uninstall',
        operationId: event.operationId,
      } satisfies PackageCommand);
    }),
    refuseRouted: emit(({ context, event }): RunnerEmitted => {
      assertEvent(event, ['release.stop', 'release.uninstall']);
      const pids = boundPids(context, event.key);
      const why = fault('unsafe_uninstall', `${event.key} serves ${pids.join(', ')}.`, {
        hint:
          event.type === 'release.stop'
            ? 'Deactivate these PIDs first, or force the stop.'
            : 'Deactivate these PIDs first.',
        details: { pids },
      });
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
    refuseBusy: emit(({ context, event }): RunnerEmitted => {
      assertEvent(event, 'release.uninstall');
      const state = context.standings[event.key]?.state ?? 'Discovered';
      const why = fault('unsafe_uninstall', `${event.key} is ${state} and busy.`, { hint: 'Stop it first.' });
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
    refuseUnknown: emit(({ event }): RunnerEmitted => {
      assertEvent(event, ['release.stop', 'release.uninstall']);
      const why = fault('release_not_found', `There is no release ${event.key} in this store.`);
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
    refuseNotServing: emit(({ event }): RunnerEmitted => {
      assertEvent(event, ['release.stop', 'release.uninstall']);
      const why = fault('runner_closed', 'The Runner is opening or closing.');
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
    stopAll: enqueueActions(({ context, enqueue }) => {
      for (const key of Object.keys(context.standings)) enqueue.sendTo(packageId(key), stopCommand);
    }),
    stopAgain: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'package.reported');
      enqueue.sendTo(packageId(event.key), stopCommand);
    }),
    noteClosing: assign({ closing: true }),
    noteFailure: assign(({ event }) => ({ fault: faultOf((event as unknown as { error: unknown }).error) })),
    noteFailedPackage: enqueueActions(({ context, event, enqueue }) => {
      const { actor, fault: why } = failureIn(event);
      const key = Object.keys(context.standings).find((known) => packageId(known) === actor);
      if (key === undefined) return;
      const standing = { state: 'Stopped', ready: false, resting: true, fault: why } as const;
      enqueue.assign({ standings: { ...context.standings, [key]: standing } });
      const change: Change = { type: 'release.changed', key, able: false, resting: true, fault: why };
      for (const pid of context.routes) enqueue.sendTo(routeId(pid), change);
      enqueue.emit({ type: 'release.reported', key });
    }),
    announceFailedActor: emit(({ event }): RunnerEmitted => {
      return { type: 'actor.failed', ...failureIn(event) };
    }),
  },
}).createMachine({
  id: 'runner',
  description: 'One Runner per store: reads the facts, places every actor, relays, and ends by draining.',
  context: ({ input }) => ({
    ...input,
    standings: {},
    bindings: {},
    unsettled: {},
    routes: [],
    fault: null,
    closing: false,
  }),
  initial: 'Opening',
  on: {
    'package.reported': { actions: ['noteStanding', 'relayToRoutes', 'announceReport'] },
    'package.gone': { actions: ['forgetPackage', 'relayToRoutes', 'announceReport'] },
    'route.reported': { actions: 'noteBinding' },
    'release.stop': { actions: 'refuseNotServing' },
    'release.uninstall': { actions: 'refuseNotServing' },
    'package.found': {},
    'xstate.error.actor.*': { actions: ['noteFailedPackage', 'announceFailedActor'] },
  },
  states: {
    Opening: {
      description: 'What a dead Runner left half done is finished or undone; the facts are read.',
      invoke: {
        id: 'recoverStore',
        src: 'recoverStore',
        onDone: [
          { guard: 'isClosing', target: 'Closed' },
          { target: 'Serving', actions: 'placeActors' },
        ],
        onError: { target: 'Failed', actions: 'noteFailure' },
      },
      on: { 'runner.close': { actions: 'noteClosing' } },
    },
    Serving: {
      description: 'Every actor is in its place; operations are taken.',
      on: {
        'package.found': [{ guard: 'isKnown' }, { actions: 'spawnPackage' }],
        'route.opened': [{ guard: 'hasRoute' }, { actions: 'spawnRoute' }],
        'release.wanted': [{ guard: 'isKnown', actions: 'relayWish' }, { actions: 'denyWish' }],
        'release.stop': [
          { guard: 'isRoutedUnforced', actions: 'refuseRouted' },
          { guard: 'isKnown', actions: 'relayStop' },
          { actions: 'refuseUnknown' },
        ],
        'release.uninstall': [
          { guard: 'isRouted', actions: 'refuseRouted' },
          { guard: 'isBusy', actions: 'refuseBusy' },
          { guard: 'isKnown', actions: 'relayUninstall' },
          { actions: 'refuseUnknown' },
        ],
        'runner.close': 'Draining',
      },
    },
    Draining: {
      description: 'Nothing new is taken; every release is brought to rest.',
      entry: 'stopAll',
      always: { guard: 'allRest', target: 'Closed' },
      on: {
        'release.wanted': { actions: 'denyWish' },
        'package.reported': [
          { guard: 'isAwake', actions: ['noteStanding', 'relayToRoutes', 'announceReport', 'stopAgain'] },
          { actions: ['noteStanding', 'relayToRoutes', 'announceReport'] },
        ],
      },
    },
    Closed: { type: 'final', description: 'Every release rests and every route is settled.' },
    Failed: { type: 'final', description: 'The store could not be read; nothing was started.' },
  },
});

/** For the Runner's own end: the release is wanted again, or not, as it was. */
const stopCommand: PackageCommand = { type: 'package.stop', operationId: 0, wanted: null };
const startCommand: PackageCommand = { type: 'package.start', operationId: 0 };

/** What `xstate.error.actor.<id>` says: which actor failed, and why. */
function failureIn(event: unknown): { readonly actor: string; readonly fault: Fault } {
  const { type, error } = event as { type: string; error: unknown };
  return { actor: type.replace('xstate.error.actor.', ''), fault: faultOf(error) };
}

type Change = Extract<RouteEvent, { type: 'release.changed' }>;

function releaseChange(event: Extract<RunnerEvent, { type: 'package.reported' | 'package.gone' }>): Change {
  const { key } = event;
  if (event.type === 'package.gone') {
    const gone: Fault = fault('release_not_found', `There is no release ${key} in this store.`);
    return { type: 'release.changed', key, able: false, resting: true, fault: gone };
  }
  return { type: 'release.changed', key, able: event.ready, resting: event.resting, fault: event.fault };
}
