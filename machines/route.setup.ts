import { assertEvent, assign, emit, sendParent, setup } from 'xstate';
import { effect } from './effects.js';
import { fault, faultOf } from './fault.js';
import type { Fault } from './fault.js';
import { hasFailed, hasServedEnough, NOTHING_SEEN, probationFailed, withCall, withLoss } from './probation.js';
import type { Trial } from './probation.js';
import { conflict, refusalOf } from './route.refusals.js';
import type { UnderWay } from './route.refusals.js';
import type { RouteContext, RouteEmitted, RouteEvent, RouteInput, RouteReport } from './route.events.js';
import type { RouteTag } from './tags.js';

/** The vocabulary of the route machine; what follows what is in route.machine.ts. */

/** What would be known of the release with this event counted in. */
function trialWith({ trial, release }: RouteContext, event: RouteEvent): Trial {
  if (!('key' in event) || event.key !== release) return trial;
  switch (event.type) {
    case 'call.observed':
      return withCall(trial, event.failure);
    case 'release.lost':
      return withLoss(trial, event.fault);
    case 'route.prepare':
    case 'release.changed':
    case 'flow.opened':
    case 'flow.closed':
      return trial;
  }
}

const hasDrained = ({ draining, flows }: RouteContext): boolean => draining === null || (flows[draining] ?? 0) === 0;

const isFaulted = (event: RouteEvent, key: string | null): boolean =>
  event.type === 'release.changed' && event.key === key && event.resting && event.fault !== null;

/** Whether a switch to the candidate begins a probation. */
const provesItself = ({ release, candidatePolicy, policy }: RouteContext): boolean =>
  release !== null && (candidatePolicy ?? policy).probation.durationMs > 0;

/** What was kept warm and is neither returned to nor drained. */
const staleAfter = ({ onProbation, previous }: RouteContext, next: string | null): string | null =>
  onProbation && previous !== next ? previous : null;

const prepared = (
  { pid, release }: RouteContext,
  event: RouteEvent,
  answer: { readonly unchanged?: boolean; readonly refusal?: Fault },
): RouteReport => {
  assertEvent(event, 'route.prepare');
  return {
    type: 'route.prepared',
    pid,
    operationId: event.operationId,
    unchanged: answer.unchanged ?? false,
    from: release,
    probation: event.kind === 'switch' && event.policy.probation.durationMs > 0,
    refusal: answer.refusal ?? null,
  };
};

export const routeSetup = setup({
  types: {
    input: {} as RouteInput,
    context: {} as RouteContext,
    events: {} as RouteEvent,
    tags: {} as RouteTag,
    emitted: {} as RouteEmitted,
  },
  actors: { commitRoutes: effect('commitRoutes') },
  guards: {
    isBound: ({ context }) => context.release !== null,
    isOnProbation: ({ context }) => context.onProbation,
    hasDrained: ({ context }) => hasDrained(context),
    hasDrainedBound: ({ context }) => hasDrained(context) && context.release !== null,
    hasDrainedOnProbation: ({ context }) => hasDrained(context) && context.onProbation,
    hasFailedProbation: ({ context }) => context.failed !== null,
    /** A change was called off in the middle of something. */
    isUnfinished: ({ context }) => context.onProbation || context.draining !== null,
    hasServedEnough: ({ context: { trial, policy } }) => hasServedEnough(trial, policy.probation),
    servesEnoughNow: ({ context, event }) => hasServedEnough(trialWith(context, event), context.policy.probation),
    failsProbation: ({ context, event }) =>
      context.onProbation && hasFailed(trialWith(context, event), context.policy.probation),
    isOwnRelease: ({ context, event }) => 'key' in event && event.key === context.release,
    ownReleaseIsFaulted: ({ context, event }) => context.onProbation && isFaulted(event, context.release),
    fallsBack: ({ context, event }) =>
      context.policy.fallback && context.previous !== null && isFaulted(event, context.release),
    isCandidate: ({ context, event }) => 'key' in event && event.key === context.candidate,
    candidateWasLost: ({ context }) => provesItself(context) && context.candidateFault !== null,

    isRefused: ({ context, event }) => event.type === 'route.prepare' && refusalOf(context, event) !== null,
    isUnchanged: ({ context, event }) => event.type === 'route.prepare' && event.key === context.release,
    /** Flows have time to finish on a release that would be forgotten. */
    strandsFlows: ({ context, event }) =>
      event.type === 'route.prepare' && !hasDrained(context) && event.key !== context.draining,
    asksToMoveOn: ({ event }) =>
      event.type === 'route.prepare' && (event.kind === 'activate' || event.kind === 'switch'),
    asksToReturn: ({ event }) => event.type === 'route.prepare' && event.kind === 'rollback',
    asksToUnbind: ({ event }) => event.type === 'route.prepare' && event.kind === 'deactivate',
  },
  actions: {
    // Changes
    takeCandidate: assign(({ event }) => {
      assertEvent(event, 'route.prepare');
      const { key, operationId, policy } = event;
      return { candidate: key, candidatePolicy: policy, candidateFault: null, operationId };
    }),
    dropCandidate: assign({ candidate: null, candidatePolicy: null, candidateFault: null }),
    noteCandidateFault: assign(({ event }) => {
      assertEvent(event, 'release.changed');
      // One that is being restarted is not lost.
      return { candidateFault: event.resting ? event.fault : null };
    }),
    bindCandidate: assign(({ context }, params: { switched: boolean }) => {
      const policy = context.candidatePolicy ?? context.policy;
      const onProbation = params.switched && provesItself(context);
      return {
        release: context.candidate,
        policy,
        previous: params.switched ? context.release : null,
        draining: context.release,
        stale: staleAfter(context, context.candidate),
        onProbation,
        trial: NOTHING_SEEN,
        failed: onProbation ? context.candidateFault : null,
        fault: context.candidateFault,
        candidate: null,
        candidatePolicy: null,
      };
    }),
    unbind: assign(({ context }) => ({
      release: null,
      draining: context.release,
      stale: staleAfter(context, null),
      previous: null,
      onProbation: false,
      failed: null,
      fault: null,
      candidatePolicy: null,
    })),
    /** The old release is let go once the flows that still run on it have finished. */
    endProbation: assign(({ context }) => ({ onProbation: false, failed: null, draining: context.previous })),
    /** Its flows have finished or had their time; it is kept for the way back only. */
    waitNoLonger: assign({ draining: null }),
    forgetDrained: assign(({ context }) => ({ stale: context.draining, draining: null })),
    takeOperation: assign(({ event }) => ({ operationId: 'operationId' in event ? event.operationId : 0 })),
    takeNoOperation: assign({ operationId: 0 }),

    // What is seen of the release
    noteReleaseFault: assign(({ event }) => {
      assertEvent(event, 'release.changed');
      return { fault: event.fault };
    }),
    countObservation: assign(({ context, event }) => ({ trial: trialWith(context, event) })),
    noteFailedProbation: assign(({ context, event }) => {
      const trial = trialWith(context, event);
      return { trial, failed: probationFailed(context.release ?? '', trial, context.policy.probation) };
    }),
    noteBrokenRelease: assign(({ event }) => {
      assertEvent(event, 'release.changed');
      return { failed: event.fault, fault: event.fault };
    }),
    countFlow: assign(({ context: { flows }, event }) => {
      assertEvent(event, 'flow.opened');
      return { flows: { ...flows, [event.key]: (flows[event.key] ?? 0) + 1 } };
    }),
    uncountFlow: assign(({ context: { flows }, event }) => {
      assertEvent(event, 'flow.closed');
      const { [event.key]: open = 0, ...others } = flows;
      return { flows: open > 1 ? { ...others, [event.key]: open - 1 } : others };
    }),

    // Reports
    confirmUnchanged: sendParent(({ context, event }) => prepared(context, event, { unchanged: true })),
    confirmPrepared: sendParent(({ context, event }) => prepared(context, event, {})),
    refuse: sendParent(({ context, event }) => {
      assertEvent(event, 'route.prepare');
      const refusal = refusalOf(context, event);
      return prepared(context, event, refusal === null ? {} : { refusal });
    }),
    refuseConflict: sendParent(({ context, event }, params: { underWay: UnderWay }) =>
      prepared(context, event, { refusal: conflict(context, params.underWay) }),
    ),
    reportRoute: sendParent(({ context }, params: { settled: boolean; retires?: true }): RouteReport => ({
      type: 'route.reported',
      pid: context.pid,
      key: context.release,
      candidate: context.candidate,
      kept: context.onProbation ? context.previous : context.draining,
      retired: params.retires === true ? context.stale : null,
      settled: params.settled,
    })),
    wantRollback: sendParent(({ context }): RouteReport => ({
      type: 'rollback.wanted',
      pid: context.pid,
      key: context.previous ?? '',
      reason: context.failed ?? context.fault ?? fault('unknown_error', 'The release failed.'),
    })),
    announceDone: emit(({ context }): RouteEmitted => ({ type: 'operation.done', operationId: context.operationId })),
    announceFailure: emit(({ context, event }): RouteEmitted => ({
      type: 'operation.refused',
      operationId: context.operationId,
      fault: faultOf('error' in event ? event.error : event),
    })),
    refuseConfirmation: emit(({ context, event }): RouteEmitted => {
      assertEvent(event, 'route.confirm');
      const why = fault('operation_conflict', `The PID ${context.pid} is not on probation.`);
      return { type: 'operation.refused', operationId: event.operationId, fault: why };
    }),
  },
  delays: {
    drainDeadline: ({ context }) => context.policy.drainMs,
    probation: ({ context }) => context.policy.probation.durationMs,
    rollbackRetry: ({ context }) => context.policy.rollbackRetryMs,
  },
});
