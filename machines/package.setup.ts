import { assertEvent, assign, emit, enqueueActions, sendParent, sendTo, setup } from 'xstate';
import { effect } from './effects.js';
import { fault, faultOf } from './fault.js';
import type { Fault } from './fault.js';
import { accepted, givenUp, homeGone, mayRetry, waited, waitId } from './package.calls.js';
import type {
  PackageContext,
  PackageEmitted,
  PackageEvent,
  PackageInput,
  PackageReport,
  RestRecord,
  Standing,
  Target,
} from './package.events.js';
import { processMachine } from './process.machine.js';
import type { ProcessCommand, ProcessInput } from './process.events.js';
import type { RestingState } from './release.js';
import { decideRestart, lossesWithin } from './restart-policy.js';
import type { RestartDecision } from './restart-policy.js';
import * as slots from './slots.js';
import { settingHint } from './setting-hint.js';
import type { PackageTag } from './tags.js';

/**
 * The vocabulary of the package machine: its guards, actions and delays, each named by its meaning. What follows what
 * is in package.machine.ts.
 */
const processId = (slot: number): string => `process/${slot + 1}`;
const restartId = (slot: number): string => `restart.${slot}`;

/** What the loss reported by `process.ended` calls for. */
function decideAfterLoss(context: PackageContext, event: PackageEvent): RestartDecision {
  assertEvent(event, 'process.ended');
  if (context.onTrial) return { kind: 'give_up', losses: 1 };
  const lossesMs = [...context.lossesMs, event.atMs];
  const failedStarts = failedStartsAfter(context, event.slot);
  return decideRestart({ lossesMs, failedStarts, nowMs: event.atMs, jitter: event.jitter }, context.policy.restart);
}

const TARGETS: readonly Target[] = ['Validated', 'Deployed', 'Running'];
const furtherOf = (a: Target, b: Target): Target => (TARGETS.indexOf(a) < TARGETS.indexOf(b) ? b : a);

const failedStartsAfter = ({ slots: table, failedStarts }: PackageContext, slot: number): number =>
  table[slot]?.phase === 'starting' ? failedStarts + 1 : failedStarts;

/** A process that no call waits for (usually of a candidate) starts behind those that serve. */
const firstInput = (context: PackageContext, slot: number): ProcessInput => ({
  ...processInput(context, slot),
  ...(context.queue.length > 0 ? {} : { startPriority: 'low' }),
});

const processInput = (context: PackageContext, slot: number): ProcessInput => ({
  key: context.key,
  slot,
  launch: context.facts?.launch ?? { command: '', args: [], folder: '', environment: {} },
  timings: context.policy.timings,
  protocols: context.protocols,
  memory: context.policy.memory,
  ...(context.policy.limits === undefined ? {} : { limits: context.policy.limits }),
  ...(context.policy.replaceAfterFailures === undefined ? {} : { failuresMax: context.policy.replaceAfterFailures }),
});

/** A process that ended unasked has a fault; one that left when asked has none. */
const endFault = (context: PackageContext, event: PackageEvent): Fault => {
  assertEvent(event, 'process.ended');
  return event.fault ?? fault('process_lost', `A process of ${context.key} ended.`);
};

const lost = ({ key }: PackageContext, why: Fault | null): PackageReport => ({ type: 'package.lost', key, fault: why });

export const restRecord = (context: PackageContext, state: RestingState): RestRecord => ({
  key: context.key,
  state,
  wanted: context.wanted,
  reason: context.fault,
});

export const packageSetup = setup({
  types: {
    input: {} as PackageInput,
    context: {} as PackageContext,
    events: {} as PackageEvent,
    tags: {} as PackageTag,
    emitted: {} as PackageEmitted,
  },
  actors: {
    process: processMachine,
    validatePackage: effect('validatePackage'),
    extractPackage: effect('extractPackage'),
    buildEnvironment: effect('buildEnvironment'),
    installWheels: effect('installWheels'),
    completeDeployment: effect('completeDeployment'),
    discardDeployment: effect('discardDeployment'),
    recordRest: effect('recordRest'),
    removeRelease: effect('removeRelease'),
  },
  guards: {
    restsAs: ({ context }, params: { state: RestingState }) => context.stored?.state === params.state,
    mayDeploy: ({ context }) => context.target !== 'Validated',
    mayRun: ({ context }) => context.target === 'Running',
    wishChanges: ({ context, event }) =>
      event.type === 'package.stop' && event.wanted !== null && event.wanted !== context.wanted,
    restartsNow: ({ context, event }) => decideAfterLoss(context, event).kind === 'now',
    restartsLater: ({ context, event }) => decideAfterLoss(context, event).kind === 'after',
    restartsNowWithOthers: ({ context, event }) =>
      'slot' in event && slots.othersAble(context.slots, event.slot) && decideAfterLoss(context, event).kind === 'now',
    restartsLaterWithOthers: ({ context, event }) =>
      'slot' in event &&
      slots.othersAble(context.slots, event.slot) &&
      decideAfterLoss(context, event).kind === 'after',
    othersAble: ({ context, event }) => 'slot' in event && slots.othersAble(context.slots, event.slot),
    callsWait: ({ context }) => context.queue.length > 0,
    slotIsIdle: ({ context, event }) =>
      event.type === 'call.requested' && slots.idleSlotFor(context.slots, event.home ?? null) >= 0,
    homeIsGone: ({ context, event }) =>
      event.type === 'call.requested' && event.home !== undefined && slots.isGone(context.slots, event.home),
    queueIsFull: ({ context }) => context.queue.length >= context.policy.queueLimit,
    leavesOthersExecuting: ({ context, event }) =>
      'leaving' in event && event.leaving === true && slots.othersExecute(context.slots, event.slot),
    leavesOthersAble: ({ context, event }) =>
      'leaving' in event && event.leaving === true && slots.othersAble(context.slots, event.slot),
    leavesNone: ({ event }) => 'leaving' in event && event.leaving === true,
    othersExecute: ({ context, event }) => 'slot' in event && slots.othersExecute(context.slots, event.slot),
    retriesInPlace: ({ context, event }) => mayRetry(context, event) && event.leaving !== true,
    retriesAmongExecuting: ({ context, event }) =>
      mayRetry(context, event) && slots.othersExecute(context.slots, event.slot),
    retriesAmongIdle: ({ context, event }) => mayRetry(context, event) && slots.othersAble(context.slots, event.slot),
    retriesAlone: ({ context, event }) => mayRetry(context, event),
    retryIsPending: ({ context }) => slots.pendingCalls(context.slots).length > 0,
    nothingIsLeftToDrain: ({ context, event }) =>
      'slot' in event && slots.isDrainedWithout(context.slots, context.queue, event.slot),
    callWaits: ({ context, event }) => 'callId' in event && slots.isWaiting(context.queue, event.callId),
    callRuns: ({ context, event }) =>
      'callId' in event && context.slots.some(({ call, abandoned }) => call?.callId === event.callId && !abandoned),
    coolsDown: ({ context: { policy, fault: why, wanted } }) =>
      policy.restart.cooldownMs !== null && why !== null && wanted === 'running',
    noProcessLives: ({ context }) => context.slots.every(({ phase }) => phase === 'empty'),
  },
  actions: {
    // Processes
    startProcesses: enqueueActions(({ context, enqueue }) => {
      let { slots: table } = context;
      for (const [slot, { phase }] of context.slots.entries()) {
        if (phase !== 'empty') continue;
        enqueue.spawnChild('process', { id: processId(slot), input: firstInput(context, slot) });
        table = slots.started(table, slot);
      }
      enqueue.assign({ slots: table });
    }),
    startProbe: enqueueActions(({ context, enqueue }) => {
      enqueue.spawnChild('process', { id: processId(0), input: firstInput(context, 0) });
      enqueue.assign({ slots: slots.started(context.slots, 0) });
    }),
    restartProcess: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['process.ended', 'slot.restarted']);
      enqueue.spawnChild('process', { id: processId(event.slot), input: processInput(context, event.slot) });
      enqueue.assign({ slots: slots.started(context.slots, event.slot) });
    }),
    restartProcessLater: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'process.ended');
      const { lossesMs, failedStarts, policy } = context;
      const history = { lossesMs, failedStarts, nowMs: event.atMs, jitter: event.jitter };
      const decision = decideRestart(history, policy.restart);
      const delay = decision.kind === 'after' ? decision.delayMs : 0;
      enqueue.raise({ type: 'slot.restarted', slot: event.slot }, { id: restartId(event.slot), delay });
    }),
    stopProcesses: enqueueActions(({ context, enqueue }) => {
      for (const [slot, { phase }] of context.slots.entries()) {
        enqueue.cancel(restartId(slot));
        if (phase !== 'empty') enqueue.sendTo(processId(slot), { type: 'process.stop' } satisfies ProcessCommand);
      }
    }),
    killProcesses: enqueueActions(({ context, enqueue }) => {
      for (const [slot, { phase }] of context.slots.entries())
        if (phase !== 'empty') enqueue.sendTo(processId(slot), { type: 'process.kill' } satisfies ProcessCommand);
    }),
    retireProcess: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'process.ended');
      enqueue.stopChild(processId(event.slot));
      enqueue.assign({ slots: slots.emptied(context.slots, event.slot) });
      const { call, abandoned = false } = context.slots[event.slot] ?? slots.EMPTY_SLOT;
      if (call === null) return;
      if (abandoned) return enqueue.emit({ type: 'call.freed', callId: call.callId });
      // Its process has ended, so another may take the call.
      enqueue.assign({ queue: [call, ...context.queue] });
      enqueue.raise(waited(call.callId), { id: waitId(call.callId), delay: context.policy.timings.waitMs });
      enqueue.raise({ type: 'call.returned' });
    }),
    noteReady: assign(({ context, event }) => {
      assertEvent(event, 'process.ready');
      return { slots: slots.readied(context.slots, event.slot), failedStarts: 0 };
    }),
    noteLeaving: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'process.leaving');
      enqueue.assign({ slots: slots.leaving(context.slots, event.slot) });
      enqueue.sendParent(lost(context, event.fault));
    }),
    noteLoss: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'process.ended');
      const losses = [...context.lossesMs, event.atMs];
      const why = endFault(context, event);
      enqueue.assign({
        lossesMs: lossesWithin(losses, event.atMs, context.policy.restart),
        failedStarts: failedStartsAfter(context, event.slot),
        fault: why,
      });
      // A process that was leaving was told of when it began to: with its call, or by `process.leaving`.
      if (context.slots[event.slot]?.phase !== 'leaving') enqueue.sendParent(lost(context, why));
    }),
    noteStartGivenUp: assign(({ context, event }) => ({ fault: endFault(context, event) })),
    noteBreakerOpen: assign(({ context, event }) => ({ fault: breakerOpen(context, endFault(context, event)) })),
    clearFault: assign({ fault: null }),
    forgetLosses: assign({ lossesMs: [], failedStarts: 0, onTrial: false, fault: null }),
    beginTrial: assign({ onTrial: true, fault: null }),

    // Calls: the hot path, one assign each
    giveCall: assign(({ context, event }) => {
      assertEvent(event, 'call.requested');
      const call = accepted(context, event);
      return { slots: slots.given(context.slots, slots.idleSlotFor(context.slots, call.home), call) };
    }),
    dispatchGiven: sendTo(
      ({ context, event }) => {
        assertEvent(event, 'call.requested');
        return processId(slots.slotOfCall(context.slots, event.callId));
      },
      ({ event }): ProcessCommand => {
        assertEvent(event, 'call.requested');
        return { type: 'call.dispatched', callId: event.callId };
      },
    ),
    dispatchWaiting: enqueueActions(({ context, enqueue }) => {
      const next = slots.nextCall(context.queue, context.turns, context.slots);
      if (next === undefined) return;
      const { call, slot } = next;
      enqueue.cancel(waitId(call.callId));
      enqueue.assign({
        slots: slots.given(context.slots, slot, call),
        queue: slots.withoutCall(context.queue, call.callId),
        turns: slots.afterTurn(context.turns, call.pid),
      });
      enqueue.sendTo(processId(slot), { type: 'call.dispatched', callId: call.callId } satisfies ProcessCommand);
    }),
    queueCall: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'call.requested');
      enqueue.assign({ queue: [...context.queue, accepted(context, event)] });
      enqueue.raise(waited(event.callId), { id: waitId(event.callId), delay: context.policy.timings.waitMs });
    }),
    /** It goes back to the front of the queue, where it was. */
    requeueCall: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'call.failed');
      const failed = context.slots[event.slot]?.call;
      if (failed === undefined || failed === null) return;
      enqueue.assign({ queue: [{ ...failed, retries: failed.retries - 1 }, ...context.queue] });
      enqueue.raise(waited(failed.callId), { id: waitId(failed.callId), delay: context.policy.timings.waitMs });
    }),
    /** Its process may still be at work on it: nobody else gets the call before that has ended. */
    keepForRetry: assign(({ context, event }) => {
      assertEvent(event, 'call.failed');
      return { slots: slots.leavingWithCall(context.slots, event.slot) };
    }),
    announceRetry: emit(({ event }): PackageEmitted => {
      assertEvent(event, 'call.failed');
      const { callId, outcome } = event;
      return { type: 'call.retried', callId, outcome, ...(event.fault === undefined ? {} : { fault: event.fault }) };
    }),
    freeSlot: assign(({ context, event }) => {
      assertEvent(event, ['call.settled', 'call.failed']);
      const change = event.leaving === true ? slots.leaving : slots.readied;
      return { slots: change(context.slots, event.slot) };
    }),
    /** Their session lived in the process that is leaving. */
    loseHomed: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['call.settled', 'call.failed', 'process.leaving']);
      if (event.type !== 'process.leaving' && event.leaving !== true) return;
      const homed = context.queue.filter(({ home }) => home === event.slot);
      if (homed.length === 0) return;
      for (const { callId } of homed) {
        enqueue.cancel(waitId(callId));
        enqueue.emit({ type: 'call.settled', callId, outcome: 'lost', fault: homeGone(context) });
      }
      enqueue.assign({ queue: context.queue.filter(({ home }) => home !== event.slot) });
    }),
    announceSettled: emit(({ context, event }): PackageEmitted => {
      assertEvent(event, ['call.settled', 'call.failed']);
      const { callId, outcome } = event;
      if (context.slots[event.slot]?.abandoned === true) return { type: 'call.freed', callId };
      return event.fault === undefined
        ? { type: 'call.settled', callId, outcome }
        : { type: 'call.settled', callId, outcome, fault: event.fault };
    }),
    giveUpWaiting: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['call.cancelled', 'call.expired', 'call.waited']);
      enqueue.cancel(waitId(event.callId));
      enqueue.assign({ queue: slots.withoutCall(context.queue, event.callId) });
      enqueue.emit(givenUp(context, event));
    }),
    abandonRunning: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['call.cancelled', 'call.expired']);
      enqueue.assign({ slots: slots.abandoned(context.slots, event.callId) });
      enqueue.emit(givenUp(context, event));
    }),
    /** Nothing will serve them any more: lost to a fault, or cancelled because somebody stopped the release. */
    settleQueue: enqueueActions(({ context, enqueue }) => {
      const stopped = fault('call_cancelled', `${context.key} was stopped before the call began.`);
      for (const { callId } of [...context.queue, ...slots.pendingCalls(context.slots)]) {
        enqueue.cancel(waitId(callId));
        enqueue.emit(
          context.fault === null
            ? { type: 'call.settled', callId, outcome: 'cancelled', fault: stopped }
            : { type: 'call.settled', callId, outcome: 'lost', fault: context.fault },
        );
      }
      enqueue.assign({ queue: [], slots: slots.withoutPending(context.slots) });
    }),
    refuseFullQueue: emit(({ context, event }): PackageEmitted => {
      assertEvent(event, 'call.requested');
      const limit = context.policy.queueLimit;
      const why = fault('queue_full', `${limit} calls wait for ${context.key}, which is its limit.`, {
        hint: settingHint(
          'Retry later; if it happens in normal work, let more wait or run more processes',
          'queueLimit',
          'instances',
        ),
      });
      return { type: 'call.refused', callId: event.callId, fault: why };
    }),
    refuseHomeGone: emit(({ context, event }): PackageEmitted => {
      assertEvent(event, 'call.requested');
      return { type: 'call.refused', callId: event.callId, fault: homeGone(context) };
    }),
    refuseNotReady: emit(({ context, event }): PackageEmitted => {
      assertEvent(event, 'call.requested');
      const why = context.fault ?? fault('release_not_ready', `${context.key} is not running.`);
      return { type: 'call.refused', callId: event.callId, fault: why };
    }),

    // Commands
    refuse: emit(({ event }): PackageEmitted => ({
      type: 'operation.refused',
      operationId: 'operationId' in event ? event.operationId : 0,
    })),
    takeOperation: assign(({ event }) => {
      assertEvent(event, 'package.uninstall');
      return { operationId: event.operationId };
    }),
    wantRunning: assign({ wanted: 'running' as const, lossesMs: [], failedStarts: 0, onTrial: false, fault: null }),
    takeWish: assign(({ context, event }) => {
      assertEvent(event, 'package.stop');
      return { wanted: event.wanted ?? context.wanted };
    }),
    goNoFurther: assign(({ context, event }) => {
      assertEvent(event, 'package.stop');
      return { target: 'Validated' as const, wanted: event.wanted ?? context.wanted };
    }),
    takeTarget: assign(({ event }) => {
      assertEvent(event, ['package.deploy', 'package.recheck']);
      return { target: event.target, fault: null };
    }),
    goFurther: assign(({ context, event }) => {
      assertEvent(event, 'package.deploy');
      return { target: furtherOf(context.target, event.target) };
    }),
    goOnToRunning: assign({ target: 'Running' as const }),
    noteValidation: assign(({ event }) => ({
      supportedPids: (event as unknown as { output: { supportedPids: readonly string[] } }).output.supportedPids,
      fault: null,
    })),
    noteFacts: assign(({ event }) => {
      const facts = (event as unknown as { output: NonNullable<PackageContext['facts']> }).output;
      return { facts, supportedPids: facts.supportedPids };
    }),
    noteEffectFault: assign(({ event }) => ({ fault: faultOf((event as unknown as { error: unknown }).error) })),

    // Reports
    reportState: sendParent(({ context }, params: Standing): PackageReport => ({
      type: 'package.reported',
      key: context.key,
      wanted: context.wanted,
      fault: context.fault,
      ...params,
    })),
    reportGone: sendParent(({ context }): PackageReport => ({ type: 'package.gone', key: context.key })),
  },
  delays: {
    drainDeadline: ({ context }) => context.policy.timings.drainMs,
    cooldown: ({ context }) => context.policy.restart.cooldownMs ?? 0,
  },
});

function breakerOpen({ key, policy }: PackageContext, last: Fault): Fault {
  const { breakerLosses, windowMs } = policy.restart;
  return fault(
    'restarts_used_up',
    `${key} is not restarted any more: ${breakerLosses} losses within ${windowMs / 1000} s, or too many starts in a row, failed. Last: ${last.message}`,
    { details: { last } },
  );
}
