import { own } from './own.js';
import { assertEvent, assign, emit, enqueueActions, raise, setup } from 'xstate';
import type { ChangeoverInput } from './changeover.events.js';
import { changeoverMachine } from './changeover.machine.js';
import { effect } from './effects.js';
import { fault, faultOf } from './fault.js';
import type { Fault } from './fault.js';
import type {
  PackageCommand,
  PackageInput,
  ReleasePolicy,
  StoreFacts,
  StoredRelease,
  StoredRoute,
  Target,
} from './package.events.js';
import { packageMachine } from './package.machine.js';
import { releaseOf } from './release.js';
import type { ReleaseKey } from './release.js';
import { routeMachine } from './route.machine.js';
import type { RouteEvent, RouteInput, RoutePolicy } from './route.events.js';
import { changeoverId, changeoverName, packageId, routeId } from './runner.events.js';
import type { OpenChangeover, RunnerContext, RunnerEmitted, RunnerEvent, RunnerInput } from './runner.events.js';
import { needsAfter, pidsThatNeed, releasesToStop } from './runner.needs.js';
import type { RunnerTag } from './tags.js';

/** The policy a release lives under: its own, else the one of its name, else the Runner's. Each is whole. */
export const policyFor = (key: ReleaseKey, { policy, overrides }: RunnerInput): ReleasePolicy =>
  own(overrides, key) ?? own(overrides, releaseOf(key).name) ?? policy;

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

const routePolicy = (context: RunnerContext, key: ReleaseKey | null): RoutePolicy => {
  const { probation, fallback, timings } = key === null ? context.policy : policyFor(key, context);
  return { probation, fallback, drainMs: timings.drainMs, rollbackRetryMs: timings.rollbackRetryMs };
};

const unboundRoute = (context: RunnerContext, pid: string): RouteInput => ({
  pid,
  bound: null,
  previous: null,
  probation: false,
  fault: null,
  policy: routePolicy(context, null),
});

function storedRoute(context: RunnerContext, { pid, key, previous, probation, fault }: StoredRoute): RouteInput {
  const own = routePolicy(context, key);
  const policy = { ...own, probation: { ...own.probation, ...probation } };
  return { pid, bound: key, previous, probation: probation !== null, fault, policy };
}

const UNSEEN = { state: 'Discovered', ready: false, resting: false, wanted: 'stopped', fault: null } as const;

/** What a changeover begins with, whether a person asked for it or a route wants to return by itself. */
function changeoverInput(context: RunnerContext, event: RunnerEvent): ChangeoverInput {
  assertEvent(event, ['changeover.asked', 'rollback.wanted']);
  const policy = routePolicy(context, event.key);
  const standing = own(context.standings, event.key ?? '') ?? UNSEEN;
  const releaseIsFree = standing.resting || standing.ready;
  switch (event.type) {
    case 'changeover.asked': {
      const { operationId, kind, key, pids, facts, probation } = event;
      const own = { ...policy, probation: { ...policy.probation, ...probation } };
      return { operationId, kind, key, pids, facts, policy: own, probation, releaseIsFree, reason: null };
    }
    case 'rollback.wanted': {
      const { pid, key, reason } = event;
      // It served this PID before, so nothing of it has to be looked up again.
      const facts = { [pid]: { supported: true, missingAssets: [] } };
      return {
        operationId: 0,
        kind: 'rollback',
        key,
        pids: [pid],
        facts,
        policy,
        probation: {},
        releaseIsFree,
        reason,
      };
    }
  }
}

const UNKNOWN_CHANGEOVER: OpenChangeover = {
  operationId: 0,
  kind: 'switch',
  key: null,
  pids: [],
  reason: null,
  stage: 'Preparing',
};

/** The same without one release. */
const without = <T>(table: Readonly<Record<ReleaseKey, T>>, key: ReleaseKey): Readonly<Record<ReleaseKey, T>> => {
  const { [key]: _left, ...others } = table;
  return others;
};

/** The vocabulary of the runner machine; what follows what is in runner.machine.ts. */
export const runnerSetup = setup({
  types: {
    input: {} as RunnerInput,
    context: {} as RunnerContext,
    events: {} as RunnerEvent,
    tags: {} as RunnerTag,
    emitted: {} as RunnerEmitted,
  },
  actors: {
    package: packageMachine,
    route: routeMachine,
    changeover: changeoverMachine,
    recoverStore: effect('recoverStore'),
  },
  guards: {
    isAwake: ({ event }) => event.type === 'package.reported' && !event.resting,
    isClosing: ({ context }) => context.closing,
    allPlaced: ({ context }) => context.unplaced.length === 0,
    allPlacedToClose: ({ context }) => context.unplaced.length === 0 && context.closing,
    /** It is wanted again as long as nobody answers. */
    isPutOff: ({ context, event }) =>
      event.type === 'rollback.wanted' &&
      context.putOff.some(({ type, pid }) => type === event.type && pid === event.pid),
    /** Also anything after an event that was put off: reports of one route keep their order. */
    concernsUnplaced: ({ context, event }) =>
      event.type === 'route.reported' &&
      (context.putOff.some(({ pid }) => pid === event.pid) ||
        releasesToStop(context, event).some((key) =>
          context.unplaced.some((stored) => !('pid' in stored) && stored.key === key),
        )),
    noneIsPlaced: ({ context }) => context.placed.length === 0,
    /** Its actor failed: nobody is there to hear of it. */
    hasFailed: ({ context, event }) =>
      'key' in event && event.key !== null && hasFailed(own(context.standings, event.key)?.fault),
    isKnown: ({ context, event }) =>
      'key' in event && event.key !== null && Object.hasOwn(context.standings, event.key),
    hasRoute: ({ context, event }) => 'pid' in event && context.routes.includes(event.pid),
    isChanging: ({ context, event }) =>
      (event.type === 'changeover.asked' && Object.hasOwn(context.changeovers, changeoverName(event.pids))) ||
      (event.type === 'rollback.wanted' && Object.hasOwn(context.changeovers, event.pid)),
    isCommitted: ({ event }) => event.type === 'changeover.reported' && event.stage === 'Committed',
    isAborted: ({ event }) => event.type === 'changeover.reported' && event.stage === 'Aborting',
    isUnderWay: ({ context, event }) =>
      event.type === 'changeover.cancel' &&
      Object.values(context.changeovers).some(({ operationId }) => operationId === event.operationId),
    isRouted: ({ context, event }) => event.type === 'release.uninstall' && pidsThatNeed(context, event.key).length > 0,
    isRoutedUnforced: ({ context, event }) =>
      event.type === 'release.stop' && !event.force && pidsThatNeed(context, event.key).length > 0,
    isBusy: ({ context, event }) =>
      event.type === 'release.uninstall' && context.standings[event.key]?.resting === false,
    allRest: ({ context }) =>
      Object.values(context.standings).every(({ resting }) => resting) &&
      Object.values(context.needs).every(({ settled }) => settled) &&
      Object.keys(context.changeovers).length === 0,
  },
  actions: {
    noteFacts: assign(({ context, event }) => {
      const { releases, routes } = (event as unknown as { output: StoreFacts }).output;
      return {
        standings: Object.fromEntries(releases.map(({ key }) => [key, own(context.standings, key) ?? UNSEEN])),
        needs: Object.fromEntries(
          routes.flatMap(({ pid, key, previous, probation }) => {
            const kept = probation === null ? null : previous;
            return key === null ? [] : [[pid, { key, candidate: null, kept, settled: true }] as const];
          }),
        ),
        routes: routes.map(({ pid }) => pid),
        // Routes first: they hear where their releases stand.
        unplaced: [...routes, ...releases],
      };
    }),
    placeSome: enqueueActions(({ context, enqueue }) => {
      const turn = context.unplaced.slice(0, context.actorsPerTurn);
      for (const stored of turn)
        if ('pid' in stored)
          enqueue.spawnChild('route', { id: routeId(stored.pid), input: storedRoute(context, stored) });
        else {
          const id = packageId(stored.key);
          const target = stored.state === 'Discovered' ? 'Deployed' : 'Validated';
          enqueue.spawnChild('package', { id, input: packageInput(context, stored.key, target, stored) });
          const runs = context.resume && !context.closing && stored.wanted === 'running' && stored.facts !== null;
          if (runs) enqueue.sendTo(id, startCommand);
        }
      enqueue.assign({ unplaced: context.unplaced.slice(turn.length) });
    }),
    putOff: assign(({ context, event }) => {
      assertEvent(event, ['route.reported', 'rollback.wanted']);
      return { putOff: [...context.putOff, event] };
    }),
    takeUpPutOff: enqueueActions(({ context, enqueue }) => {
      for (const event of context.putOff) enqueue.raise(event);
      enqueue.assign({ putOff: [] });
    }),
    listPlaced: assign(({ context }) => ({
      placed: [...Object.keys(context.standings).map(packageId), ...context.routes.map(routeId)],
    })),
    releaseSome: enqueueActions(({ context, enqueue }) => {
      const turn = context.placed.slice(0, context.actorsPerTurn);
      for (const id of turn) enqueue.stopChild(id);
      enqueue.assign({ placed: context.placed.slice(turn.length) });
    }),
    spawnPackage: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'package.found');
      const input = packageInput(context, event.key, event.target, null);
      enqueue.assign({ standings: { ...context.standings, [event.key]: UNSEEN } });
      enqueue.spawnChild('package', { id: packageId(event.key), input });
    }),
    spawnMissingRoutes: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'changeover.asked');
      const missing = event.kind === 'activate' ? event.pids.filter((pid) => !context.routes.includes(pid)) : [];
      if (missing.length === 0) return;
      enqueue.assign({ routes: [...context.routes, ...missing] });
      for (const pid of missing) enqueue.spawnChild('route', { id: routeId(pid), input: unboundRoute(context, pid) });
    }),
    openChangeover: enqueueActions(({ context, event, enqueue }) => {
      const input = changeoverInput(context, event);
      const { operationId, kind, key, pids } = input;
      const name = changeoverName(pids);
      const open: OpenChangeover = { operationId, kind, key, pids, reason: input.reason, stage: 'Preparing' };
      enqueue.assign({ changeovers: { ...context.changeovers, [name]: open } });
      enqueue.spawnChild('changeover', { id: changeoverId(name), input });
    }),
    noteStage: assign(({ context: { changeovers }, event }) => {
      assertEvent(event, 'changeover.reported');
      const open = own(changeovers, event.id);
      return open === undefined ? {} : { changeovers: { ...changeovers, [event.id]: { ...open, stage: event.stage } } };
    }),
    /** It has ended; its PIDs are told what became of it. */
    closeChangeover: enqueueActions(({ context, event, enqueue }, params: { tell: 'route.commit' | 'route.abort' }) => {
      assertEvent(event, 'changeover.reported');
      const { [event.id]: ended, ...changeovers } = context.changeovers;
      const committed = params.tell === 'route.commit';
      enqueue.stopChild(changeoverId(event.id));
      enqueue.assign({
        changeovers,
        // If no PID moves, no route releases it either.
        warmed: committed || event.moving.length === 0 ? without(context.warmed, ended?.key ?? '') : context.warmed,
      });
      for (const pid of event.moving)
        enqueue.sendTo(routeId(pid), { type: params.tell, operationId: event.operationId });
      if (ended === undefined) return;
      const { stage, moving: moved, fault: why } = event;
      enqueue.emit({ ...ended, type: 'changeover.reported', stage, moved, fault: why });
    }),
    announceStage: emit(({ context, event }): RunnerEmitted => {
      assertEvent(event, 'changeover.reported');
      const open = own(context.changeovers, event.id) ?? UNKNOWN_CHANGEOVER;
      return { ...open, type: 'changeover.reported', stage: event.stage, moved: event.moving, fault: event.fault };
    }),
    relayToRoute: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'route.asked');
      enqueue.sendTo(routeId(event.pid), event.event);
    }),
    answerForNoRoute: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'route.asked');
      const { pid } = event;
      const isBound = Object.hasOwn(context.needs, pid);
      enqueue.sendTo(changeoverId(event.id), {
        type: 'route.prepared',
        pid,
        operationId: event.event.operationId,
        unchanged: false,
        from: null,
        probation: false,
        refusal: isBound ? routeLost(pid) : fault('invalid_pid', `The PID ${pid} is not bound to any release.`),
      });
    }),
    relayToChangeover: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'route.prepared');
      for (const [name, { operationId, pids }] of Object.entries(context.changeovers))
        if (operationId === event.operationId && pids.includes(event.pid)) enqueue.sendTo(changeoverId(name), event);
    }),
    cancelChangeover: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'changeover.cancel');
      for (const [name, { operationId }] of Object.entries(context.changeovers))
        if (operationId === event.operationId) enqueue.sendTo(changeoverId(name), { type: 'changeover.cancel' });
    }),
    cancelChangeovers: enqueueActions(({ context, enqueue }) => {
      for (const name of Object.keys(context.changeovers))
        enqueue.sendTo(changeoverId(name), { type: 'changeover.cancel' });
    }),
    refuseChanging: emit(({ context, event }): RunnerEmitted => {
      assertEvent(event, 'changeover.asked');
      const { kind, key, stage } = own(context.changeovers, changeoverName(event.pids)) ?? UNKNOWN_CHANGEOVER;
      const [pid] = event.pids;
      const why = fault(
        'operation_conflict',
        `${pid} takes part in a change under way: ${kind} to ${key} (${stage}).`,
        {
          hint: stage === 'Committing' ? 'Wait for it.' : 'Wait for it, or cancel it.',
          details: { under_way: kind, release: key, stage },
        },
      );
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
    noteStanding: assign(({ context, event }) => {
      assertEvent(event, 'package.reported');
      const { key, state, ready, resting, wanted, fault: reason } = event;
      return { standings: { ...context.standings, [key]: { state, ready, resting, wanted, fault: reason } } };
    }),
    forgetPackage: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'package.gone');
      enqueue.stopChild(packageId(event.key));
      enqueue.assign({ standings: without(context.standings, event.key) });
    }),
    relayToRoutes: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['package.reported', 'package.gone']);
      const change = releaseChange(event);
      if (concernsRoutes(context, change)) for (const pid of context.routes) enqueue.sendTo(routeId(pid), change);
      for (const id of changeoversThatWait(context, change.key)) enqueue.sendTo(id, change);
    }),
    relayLoss: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'package.lost');
      const lost: RouteEvent = { type: 'release.lost', key: event.key, fault: event.fault };
      for (const pid of context.routes) enqueue.sendTo(routeId(pid), lost);
    }),
    relayWish: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'release.wanted');
      const standing = own(context.standings, event.key) ?? UNSEEN;
      // A resting release runs only for this change, and rests again if the change is called off.
      if (standing.resting && !Object.hasOwn(context.warmed, event.key))
        enqueue.assign({ warmed: { ...context.warmed, [event.key]: standing.wanted } });
      enqueue.sendTo(packageId(event.key), startCommand);
    }),
    refuseWish: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'release.wanted');
      const { key } = event;
      const why = own(context.standings, key)?.fault ?? null;
      enqueue.sendTo(changeoverId(event.id), {
        type: 'release.changed',
        ...{ key, able: false, resting: true, fault: why },
      } satisfies Change);
    }),
    denyWish: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'release.wanted');
      enqueue.sendTo(changeoverId(event.id), releaseChange({ type: 'package.gone', key: event.key }));
    }),
    noteNeeds: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'route.reported');
      const unneeded = releasesToStop(context, event).filter(
        (key) => Object.hasOwn(context.standings, key) && !hasFailed(context.standings[key]?.fault),
      );
      let { standings } = context;
      for (const key of unneeded) {
        const wanted = own(context.warmed, key) ?? 'stopped';
        enqueue.sendTo(packageId(key), { type: 'package.stop', operationId: 0, wanted } satisfies PackageCommand);
        const standing = own(standings, key);
        // A deployed one that rests will rest again once the wish is written down: the Runner does not close before.
        const records = standing?.state === 'Deployed' || standing?.state === 'Stopped';
        if (standing?.resting === true && records && standing.wanted !== wanted)
          standings = { ...standings, [key]: { ...standing, resting: false } };
      }
      enqueue.assign({
        standings,
        needs: needsAfter(context, event),
        warmed: unneeded.reduce<RunnerContext['warmed']>(without, context.warmed),
      });
    }),
    announceRoute: emit(({ event }): RunnerEmitted => {
      assertEvent(event, 'route.reported');
      return { type: 'route.reported', pid: event.pid };
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
      const pids = pidsThatNeed(context, event.key);
      const why = fault('unsafe_uninstall', `${event.key} is needed by ${pids.join(', ')}.`, {
        hint:
          event.type === 'release.stop'
            ? 'Deactivate these PIDs first, or force the stop.'
            : 'Deactivate these PIDs first, or force it: that waits for calls under way and unbinds them.',
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
      assertEvent(event, ['release.stop', 'release.uninstall', 'changeover.asked']);
      const why = fault('runner_closed', 'The Runner is opening or closing.');
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
    stopAll: enqueueActions(({ context, enqueue }) => {
      for (const key of Object.keys(context.standings)) enqueue.sendTo(packageId(key), stopCommand);
    }),
    hurryOn: raise({ type: 'runner.hurry' }),
    hurryAll: enqueueActions(({ context, enqueue }) => {
      for (const key of Object.keys(context.standings)) enqueue.sendTo(packageId(key), { type: 'package.hurry' });
    }),
    stopAgain: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'package.reported');
      enqueue.sendTo(packageId(event.key), stopCommand);
    }),
    noteClosing: assign({ closing: true }),
    noteFailure: assign(({ event }) => ({ fault: faultOf((event as unknown as { error: unknown }).error) })),
    noteFailedPackage: enqueueActions(({ context, event, enqueue }) => {
      const { actor, fault: reason } = failureIn(event);
      const key = Object.keys(context.standings).find((known) => packageId(known) === actor);
      if (key === undefined) return;
      const why = fault('actor_failed', `What looks after ${key} failed: ${reason.message}`, {
        hint: 'Calls of its PIDs are refused; switch them to another release, or restart the Runner, which reads the store anew.',
        details: { actor, reason },
      });
      const wanted = own(context.standings, key)?.wanted ?? 'stopped';
      const standing = { state: 'Stopped', ready: false, resting: true, wanted, fault: why } as const;
      enqueue.assign({ standings: { ...context.standings, [key]: standing } });
      const change: Change = { type: 'release.changed', key, able: false, resting: true, fault: why };
      for (const pid of context.routes) enqueue.sendTo(routeId(pid), change);
      for (const id of changeoversThatWait(context, key)) enqueue.sendTo(id, change);
      enqueue.emit({ type: 'release.reported', key });
    }),
    /**
     * The PID stays bound, and its calls go on; changes of it are refused by name until it is activated anew. A change
     * that waits for its answer gets it.
     */
    noteFailedRoute: enqueueActions(({ context, event, enqueue }) => {
      const { actor } = failureIn(event);
      const pid = context.routes.find((known) => routeId(known) === actor);
      if (pid === undefined) return;
      const { [pid]: need, ...needs } = context.needs;
      enqueue.assign({
        routes: context.routes.filter((other) => other !== pid),
        needs: need === undefined ? needs : { ...needs, [pid]: { ...need, candidate: null, settled: true } },
      });
      for (const [name, { operationId, pids, stage }] of Object.entries(context.changeovers))
        if (stage === 'Preparing' && pids.includes(pid))
          enqueue.sendTo(changeoverId(name), {
            type: 'route.prepared',
            ...{ pid, operationId, unchanged: false, from: null, probation: false, refusal: routeLost(pid) },
          });
      enqueue.emit({ type: 'route.reported', pid });
    }),
    /** Its PIDs are let go, and whoever asked for it hears why. */
    noteFailedChangeover: enqueueActions(({ context, event, enqueue }) => {
      const { actor, fault: reason } = failureIn(event);
      const name = Object.keys(context.changeovers).find((known) => changeoverId(known) === actor);
      const failed = name === undefined ? undefined : context.changeovers[name];
      if (name === undefined || failed === undefined) return;
      const { [name]: _failed, ...changeovers } = context.changeovers;
      const { operationId, kind, pids, key } = failed;
      const why = fault('actor_failed', `The ${kind} of ${pids.join(', ')} failed: ${reason.message}`, {
        hint: 'Look at `procvision history` for what it came to, and ask again.',
        details: { actor, reason },
      });
      enqueue.assign({ changeovers, warmed: without(context.warmed, key ?? '') });
      for (const pid of pids) enqueue.sendTo(routeId(pid), { type: 'route.abort', operationId });
      enqueue.emit({ ...failed, type: 'changeover.reported', stage: 'Aborting', moved: [], fault: why });
    }),
    announceFailedActor: emit(({ event }): RunnerEmitted => {
      return { type: 'actor.failed', ...failureIn(event) };
    }),
  },
  delays: { drainDeadline: ({ context }) => context.policy.timings.drainMs, nextTurn: () => 0 },
});

/** For the Runner's own end: the release is wanted again, or not, as it was. */
const stopCommand: PackageCommand = { type: 'package.stop', operationId: 0, wanted: null };
const startCommand: PackageCommand = { type: 'package.start', operationId: 0 };

const hasFailed = (why: Fault | null | undefined): boolean => why?.name === 'actor_failed';

const routeLost = (pid: string): Fault =>
  fault('actor_failed', `What looks after the route of ${pid} failed; its calls go on.`, {
    hint: 'Activate the PID anew, or restart the Runner, which reads the store anew.',
    details: { pid },
  });

/** What `xstate.error.actor.<id>` says: which actor failed, and why. */
function failureIn(event: unknown): { readonly actor: string; readonly fault: Fault } {
  const { type, error } = event as { type: string; error: unknown };
  return { actor: type.replace('xstate.error.actor.', ''), fault: faultOf(error) };
}

type Change = Extract<RouteEvent, { type: 'release.changed' }>;

/** Routes only ask whether a release rests and why, so beginning and ending calls are not reported to them. */
function concernsRoutes({ standings }: RunnerContext, { key, resting, fault: why }: Change): boolean {
  const before = own(standings, key) ?? UNSEEN;
  return before.resting !== resting || !isSameFault(before.fault, why);
}

const isSameFault = (one: Fault | null, other: Fault | null): boolean =>
  one === other || (one !== null && other !== null && JSON.stringify(one) === JSON.stringify(other));

const changeoversThatWait = ({ changeovers }: RunnerContext, key: ReleaseKey): readonly string[] =>
  Object.entries(changeovers).flatMap(([name, change]) => (change.key === key ? [changeoverId(name)] : []));

function releaseChange(event: Extract<RunnerEvent, { type: 'package.reported' | 'package.gone' }>): Change {
  const { key } = event;
  if (event.type === 'package.gone') {
    const gone: Fault = fault('release_not_found', `There is no release ${key} in this store.`);
    return { type: 'release.changed', key, able: false, resting: true, fault: gone };
  }
  return { type: 'release.changed', key, able: event.ready, resting: event.resting, fault: event.fault };
}
