import { assertEvent, assign, emit, sendParent, setup } from 'xstate';
import { effect } from './effects.js';
import { fault, faultOf } from './fault.js';
import type { Fault } from './fault.js';
import { releaseOf } from './release.js';
import type { RouteContext, RouteEmitted, RouteEvent, RouteInput, RouteReport } from './route.events.js';

const REPORT_BUSY = { type: 'reportRoute', params: { settled: false } } as const;
const REPORT_SETTLED = { type: 'reportRoute', params: { settled: true } } as const;

/**
 * One product id: which release serves it (contract §8). Zero downtime will live here: Preheating and Committing are
 * the states a switch goes through as well.
 *
 * INVARIANTS
 * - `release` changes only when Committing or Unbinding is done: file first, then memory (invariants 2, 3, 4).
 * - A release is bound only after it reported that it is able to serve (invariant 2).
 */
export const routeMachine = setup({
  types: {
    input: {} as RouteInput,
    context: {} as RouteContext,
    events: {} as RouteEvent,
    emitted: {} as RouteEmitted,
  },
  actors: { writeRoute: effect('writeRoute'), removeRoute: effect('removeRoute') },
  guards: {
    isBound: ({ context }) => context.release !== null,
    isUnsupported: ({ event }) => event.type === 'route.activate' && !event.facts.supported,
    lacksAssets: ({ event }) => event.type === 'route.activate' && event.facts.missingAssets.length > 0,
    isSameRelease: ({ context, event }) => event.type === 'route.activate' && event.key === context.release,
    isOwnRelease: ({ context, event }) => event.type === 'release.changed' && event.key === context.release,
    isCandidate: ({ context, event }) => event.type === 'release.changed' && event.key === context.candidate,
    candidateIsAble: ({ context, event }) =>
      event.type === 'release.changed' && event.key === context.candidate && event.able,
    candidateFailed: ({ context, event }) =>
      event.type === 'release.changed' && event.key === context.candidate && event.resting,
  },
  actions: {
    takeCandidate: assign(({ event }) => {
      assertEvent(event, 'route.activate');
      return { candidate: event.key, operationId: event.operationId, refusal: null };
    }),
    takeOperation: assign(({ event }) => {
      assertEvent(event, 'route.deactivate');
      return { operationId: event.operationId, refusal: null };
    }),
    bindCandidate: assign(({ context }) => ({
      release: context.candidate,
      candidate: null,
      fault: context.refusal,
      refusal: null,
    })),
    dropCandidate: assign({ candidate: null }),
    unbind: assign({ release: null, fault: null }),
    noteEffectFault: assign(({ event }) => ({ refusal: faultOf('error' in event ? event.error : event) })),
    noteReleaseFault: assign(({ event }) => {
      assertEvent(event, 'release.changed');
      return { fault: event.fault };
    }),
    noteCommittingFault: assign(({ event }) => {
      assertEvent(event, 'release.changed');
      return { refusal: event.fault };
    }),
    noteCandidateFault: assign(({ event }) => {
      assertEvent(event, 'release.changed');
      const why = event.fault ?? fault('release_not_ready', `${event.key} did not get ready to serve.`);
      return { refusal: why };
    }),
    countFlow: assign({ openFlows: ({ context }) => context.openFlows + 1 }),
    uncountFlow: assign({ openFlows: ({ context }) => Math.max(0, context.openFlows - 1) }),
    wantBound: sendParent(({ context }): RouteReport => ({
      type: 'release.wanted',
      key: context.release ?? '',
      pid: context.pid,
    })),
    wantCandidate: sendParent(({ context }): RouteReport => ({
      type: 'release.wanted',
      key: context.candidate ?? '',
      pid: context.pid,
    })),
    reportRoute: sendParent(({ context }, params: { settled: boolean }): RouteReport => ({
      type: 'route.reported',
      pid: context.pid,
      key: context.release,
      candidate: context.candidate,
      settled: params.settled,
    })),
    announceDone: emit(({ context }): RouteEmitted => ({ type: 'operation.done', operationId: context.operationId })),
    announceFailure: emit(({ context }): RouteEmitted => ({
      type: 'operation.refused',
      operationId: context.operationId,
      ...(context.refusal === null ? {} : { fault: context.refusal }),
    })),
    refuseConflict: emit(({ event }): RouteEmitted => refusal(event)),
    refuseUnsupported: emit(({ context, event }): RouteEmitted => refusal(event, unsupported(context.pid, event))),
    refuseMissingAssets: emit(({ context, event }): RouteEmitted => refusal(event, missing(context.pid, event))),
    refuseBound: emit(({ context, event }): RouteEmitted => refusal(event, alreadyBound(context, event))),
    refuseUnbound: emit(({ context, event }): RouteEmitted =>
      refusal(event, fault('invalid_pid', `The PID ${context.pid} is not bound to any release.`)),
    ),
    confirmSame: emit(({ event }): RouteEmitted => {
      assertEvent(event, 'route.activate');
      return { type: 'operation.done', operationId: event.operationId };
    }),
  },
}).createMachine({
  id: 'route',
  description: 'Which release serves one product id.',
  context: ({ input }) => ({
    pid: input.pid,
    release: input.bound,
    candidate: null,
    operationId: 0,
    openFlows: 0,
    fault: input.fault,
    refusal: null,
  }),
  initial: 'Recalling',
  on: {
    'route.activate': { actions: 'refuseConflict' },
    'route.deactivate': { actions: 'refuseConflict' },
    'flow.opened': { actions: 'countFlow' },
    'flow.closed': { actions: 'uncountFlow' },
    'release.changed': {},
  },
  states: {
    Recalling: {
      description: 'Passed through at once: the store says whether the PID is bound.',
      always: [{ guard: 'isBound', target: 'Serving' }, 'Unbound'],
    },
    Unbound: {
      description: 'No release serves this PID.',
      on: {
        'route.activate': [
          { guard: 'isUnsupported', actions: 'refuseUnsupported' },
          { guard: 'lacksAssets', actions: 'refuseMissingAssets' },
          { target: 'Preheating', actions: ['takeCandidate', REPORT_BUSY, 'wantCandidate'] },
        ],
        'route.deactivate': { actions: 'refuseUnbound' },
      },
    },
    Preheating: {
      description: 'The release is made ready; nothing is bound before it is.',
      on: {
        'release.changed': [
          { guard: 'candidateIsAble', target: 'Committing' },
          {
            guard: 'candidateFailed',
            target: 'Unbound',
            actions: ['noteCandidateFault', 'dropCandidate', REPORT_SETTLED, 'announceFailure'],
          },
        ],
      },
    },
    Committing: {
      description: 'The route file is being written: the commit point.',
      invoke: {
        id: 'writeRoute',
        src: 'writeRoute',
        input: ({ context }) => ({ pid: context.pid, key: context.candidate ?? '' }),
        onDone: { target: 'Serving', actions: ['bindCandidate', REPORT_SETTLED, 'announceDone'] },
        onError: {
          target: 'Unbound',
          actions: ['noteEffectFault', 'dropCandidate', REPORT_SETTLED, 'announceFailure'],
        },
      },
      on: { 'release.changed': { guard: 'isCandidate', actions: 'noteCommittingFault' } },
    },
    Serving: {
      description: 'New flows go to the bound release.',
      on: {
        'route.activate': [
          { guard: 'isUnsupported', actions: 'refuseUnsupported' },
          { guard: 'isSameRelease', actions: ['wantBound', 'confirmSame'] },
          { actions: 'refuseBound' },
        ],
        'route.deactivate': { target: 'Unbinding', actions: ['takeOperation', REPORT_BUSY] },
        'release.changed': { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
      },
    },
    Unbinding: {
      description: 'The route file is being removed.',
      invoke: {
        id: 'removeRoute',
        src: 'removeRoute',
        input: ({ context }) => ({ pid: context.pid }),
        onDone: { target: 'Unbound', actions: ['unbind', REPORT_SETTLED, 'announceDone'] },
        onError: { target: 'Serving', actions: ['noteEffectFault', REPORT_SETTLED, 'announceFailure'] },
      },
    },
  },
});

const refusal = (event: RouteEvent, reason?: Fault): RouteEmitted => ({
  type: 'operation.refused',
  operationId: 'operationId' in event ? event.operationId : 0,
  ...(reason === undefined ? {} : { fault: reason }),
});

const keyIn = (event: RouteEvent): string => ('key' in event ? event.key : '');

const unsupported = (pid: string, event: RouteEvent): Fault =>
  fault('activation_conflict', `${keyIn(event)} does not support the PID ${pid}.`);

const missing = (pid: string, event: RouteEvent): Fault => {
  const assets = event.type === 'route.activate' ? event.facts.missingAssets : [];
  return fault('model_not_found', `${keyIn(event)} lacks required assets of the PID ${pid}: ${assets.join(', ')}.`, {
    details: { missing: assets },
  });
};

const alreadyBound = ({ pid, release }: RouteContext, event: RouteEvent): Fault => {
  const bound = release ?? '';
  const same = releaseOf(bound).name === releaseOf(keyIn(event)).name;
  return fault('activation_conflict', `The PID ${pid} is bound to ${bound}.`, {
    hint: same
      ? `Deactivate ${pid} first, then activate ${keyIn(event)}.`
      : `Deactivate ${pid} first; it belongs to another algorithm.`,
    details: { bound },
  });
};
