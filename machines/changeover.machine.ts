import { own } from './own.js';
import { assertEvent, assign, enqueueActions, sendParent, setup } from 'xstate';
import type { ChangeoverContext, ChangeoverEvent, ChangeoverInput, ChangeoverReport } from './changeover.events.js';
import type { ChangeoverStage } from './changeover.events.js';
import { effect } from './effects.js';
import { fault, faultOf } from './fault.js';
import type { RouteChange } from './route.events.js';
import { changeoverName } from './runner.events.js';
import type { ChangeoverTag } from './tags.js';

const report = (stage: ChangeoverStage) => ({ type: 'reportStage', params: { stage } }) as const;

/**
 * One change of routes, of one PID or several: activate, switch, roll back, deactivate (contract §8). All PIDs are
 * moved or none.
 *
 * INVARIANTS
 * - Nothing is written before every PID holds still and the release has shaken hands and agreed with its manifest
 *   (invariant 2).
 * - The commit is one effect: it has happened for every PID or for none (invariant 3). Until it, calling off is always
 *   possible and leaves routes, files and the old release as they were.
 * - Routes learn of the commit when it is written, and all of them in the same step (invariant 4).
 */
export const changeoverMachine = setup({
  types: {
    input: {} as ChangeoverInput,
    context: {} as ChangeoverContext,
    events: {} as ChangeoverEvent,
    tags: {} as ChangeoverTag,
  },
  actors: { commitRoutes: effect('commitRoutes') },
  guards: {
    isForeign: ({ context, event }) =>
      event.type === 'route.prepared' &&
      (event.operationId !== context.operationId || !context.waiting.includes(event.pid)),
    someoneIsMissing: ({ context, event }) =>
      event.type === 'route.prepared' && context.waiting.some((pid) => pid !== event.pid),
    isRefused: ({ context, event }) =>
      context.refusal !== null || (event.type === 'route.prepared' && event.refusal !== null),
    needsNoRelease: ({ context }) => context.key === null,
    movesNobody: ({ context, event }) =>
      event.type === 'release.changed' && event.key === context.key && event.able && context.moving.length === 0,
    releaseIsAble: ({ context, event }) => event.type === 'release.changed' && event.key === context.key && event.able,
    releaseWasBusy: ({ context, event }) =>
      event.type === 'release.changed' && event.key === context.key && event.resting && !context.releaseIsFree,
    releaseFailed: ({ context, event }) =>
      event.type === 'release.changed' && event.key === context.key && event.resting,
  },
  actions: {
    askRoutes: enqueueActions(({ context, enqueue }) => {
      const { operationId, kind, key, policy } = context;
      for (const pid of context.pids) {
        const facts = own(context.facts, pid) ?? { supported: false, missingAssets: [] };
        const event = { type: 'route.prepare', operationId, kind, key, facts, policy } as const;
        const asked: ChangeoverReport = { type: 'route.asked', id: changeoverName(context.pids), pid, event };
        enqueue.sendParent(asked);
      }
    }),
    noteAnswer: assign(({ context, event }) => {
      assertEvent(event, 'route.prepared');
      const { pid, from, probation, unchanged, refusal } = event;
      const holdsStill = refusal === null && !unchanged;
      return {
        waiting: context.waiting.filter((other) => other !== pid),
        moving: holdsStill ? [...context.moving, { pid, from, probation }] : context.moving,
        refusal: context.refusal ?? refusal,
      };
    }),
    wantRelease: sendParent(({ context }): ChangeoverReport => ({
      type: 'release.wanted',
      key: context.key ?? '',
      id: changeoverName(context.pids),
    })),
    noteReleaseIsFree: assign({ releaseIsFree: true }),
    noteReleaseFault: assign(({ context, event }) => {
      assertEvent(event, 'release.changed');
      return { refusal: event.fault ?? fault('release_not_ready', `${context.key} did not get ready to serve.`) };
    }),
    noteCancelled: assign(({ context }) => ({
      refusal: fault('operation_cancelled', `The ${context.kind} of ${context.pids.join(', ')} was cancelled.`),
    })),
    noteEffectFault: assign(({ event }) => ({ refusal: faultOf('error' in event ? event.error : event) })),
    reportStage: sendParent(({ context }, { stage }: { stage: ChangeoverStage }): ChangeoverReport => ({
      type: 'changeover.reported',
      id: changeoverName(context.pids),
      operationId: context.operationId,
      stage,
      moving: context.moving.map(({ pid }) => pid),
      fault: context.refusal,
    })),
  },
}).createMachine({
  id: 'changeover',
  description: 'Moves PIDs to a release, or off it: all of them or none.',
  context: ({ input }) => ({ ...input, waiting: input.pids, moving: [], refusal: null }),
  initial: 'Preparing',
  on: { 'changeover.cancel': {}, 'route.prepared': {}, 'release.changed': {} },
  states: {
    Preparing: {
      description: 'Every PID is asked whether it can take part, and holds still from then on.',
      tags: 'cancellable',
      entry: [report('Preparing'), 'askRoutes'],
      on: {
        'route.prepared': [
          { guard: 'isForeign' },
          { guard: 'someoneIsMissing', actions: 'noteAnswer' },
          { guard: 'isRefused', target: 'Aborting', actions: 'noteAnswer' },
          { guard: 'needsNoRelease', target: 'Committing', actions: 'noteAnswer' },
          { target: 'Preheating', actions: 'noteAnswer' },
        ],
        'changeover.cancel': { target: 'Aborting', actions: 'noteCancelled' },
      },
    },
    Preheating: {
      description: 'The release is started, shakes hands and agrees with its manifest; the old one serves.',
      tags: 'cancellable',
      entry: [report('Preheating'), 'wantRelease'],
      on: {
        'release.changed': [
          { guard: 'movesNobody', target: 'Committed' },
          { guard: 'releaseIsAble', target: 'Committing' },
          { guard: 'releaseWasBusy', actions: ['noteReleaseIsFree', 'wantRelease'] },
          { guard: 'releaseFailed', target: 'Aborting', actions: 'noteReleaseFault' },
        ],
        'changeover.cancel': { target: 'Aborting', actions: 'noteCancelled' },
      },
    },
    Committing: {
      description: 'The route files are being written, all or none: the commit point. It can no longer be called off.',
      entry: report('Committing'),
      invoke: {
        id: 'commitRoutes',
        src: 'commitRoutes',
        input: ({ context }) => changeOf(context),
        onDone: 'Committed',
        onError: { target: 'Aborting', actions: 'noteEffectFault' },
      },
    },
    Committed: {
      description: 'It is written; every PID is moved. The Runner takes the actor away.',
      entry: report('Committed'),
    },
    Aborting: {
      description: 'Nothing was changed; the PIDs are let go. The Runner takes the actor away.',
      entry: report('Aborting'),
    },
  },
});

function changeOf({ operationId, kind, key, probation: own, reason, moving }: ChangeoverContext): RouteChange {
  return {
    operationId,
    kind,
    reason,
    routes: moving.map(({ pid, from, probation }) => ({
      pid,
      key,
      previous: kind === 'switch' ? from : null,
      probation: probation ? own : null,
    })),
  };
}
