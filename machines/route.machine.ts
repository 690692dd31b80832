import { NOTHING_SEEN } from './probation.js';
import type { RouteContext } from './route.events.js';
import {
  busyWith,
  REPORT_BUSY,
  REPORT_SETTLED,
  REPORT_RETIRED,
  BIND,
  BIND_BACK,
  TAKE_PART,
  PREPARE,
  prepareMeanwhile,
  prepareDraining,
  NOTE_FAULTS,
  FAILED,
  ON_PROBATION,
  CONFIRM,
  LET_GO,
  RESUME,
} from './route.moves.js';
import { routeSetup } from './route.setup.js';

/**
 * One product id: which release serves it (contract §8). A change of routes is made by a changeover, which moves
 * several PIDs together; a route says whether it takes part, holds still meanwhile, and looks after what comes later:
 * draining the old release, the probation of the new one, the way back.
 *
 * INVARIANTS
 * - `release` changes only on `route.commit`, which comes when the files are written (invariants 2, 3, 4).
 * - New flows go to `release`; flows already begun finish where they began, within the drain deadline.
 * - While `onProbation`, `previous` is kept warm, and a rollback to it is always taken up (invariant 8).
 * - `draining` is the one release whose flows have time to finish; nothing is changed that would forget them.
 * - A release that another took the place of is reported `retired` once nothing here needs it (invariant 7).
 */
export const routeMachine = routeSetup.createMachine({
  id: 'route',
  description: 'Which release serves one product id.',
  context: ({ input }): RouteContext => ({
    pid: input.pid,
    policy: input.policy,
    release: input.bound,
    previous: input.previous,
    onProbation: input.probation,
    trial: NOTHING_SEEN,
    failed: null,
    candidate: null,
    candidatePolicy: null,
    candidateFault: null,
    draining: null,
    stale: null,
    flows: {},
    operationId: 0,
    fault: input.fault,
  }),
  initial: 'Recalling',
  on: {
    'route.confirm': { actions: 'refuseConfirmation' },
    'route.commit': {},
    'route.abort': {},
    'flow.opened': { actions: 'countFlow' },
    'flow.closed': { actions: 'uncountFlow' },
    'release.changed': {},
    'release.lost': {},
    'call.observed': {},
  },
  states: {
    Recalling: {
      description: 'Passed through at once: the store says whether the PID is bound, and whether on probation.',
      always: [{ guard: 'isOnProbation', target: 'Probation' }, { guard: 'isBound', target: 'Serving' }, 'Unbound'],
    },
    Unbound: {
      description: 'No release serves this PID.',
      tags: ['steady', 'settled'],
      on: {
        'route.prepare': [
          { guard: 'isRefused', actions: 'refuse' },
          { guard: 'asksToUnbind', target: 'Unbinding', actions: TAKE_PART },
          { target: 'Switching', actions: TAKE_PART },
        ],
      },
    },
    Serving: {
      description: 'New flows go to the bound release.',
      tags: ['steady', 'settled'],
      on: {
        'route.prepare': PREPARE,
        'release.changed': [
          { guard: 'fallsBack', actions: ['noteReleaseFault', 'wantRollback'] },
          { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
        ],
      },
    },
    Switching: {
      description: 'Another release is made ready and written down; the present one serves until the commit.',
      tags: 'held',
      on: {
        'route.prepare': { actions: busyWith('Switching') },
        'route.commit': [
          { guard: 'candidateWasLost', target: FAILED, actions: [BIND, REPORT_SETTLED, 'wantRollback'] },
          { target: 'Draining', actions: [BIND, REPORT_SETTLED] },
        ],
        'route.abort': [
          { guard: 'isBound', target: 'Serving', actions: LET_GO },
          { target: 'Unbound', actions: LET_GO },
        ],
        'release.changed': NOTE_FAULTS,
      },
    },
    Draining: {
      description: 'Flows begun on a release that another took the place of are finished.',
      tags: 'proving',
      always: [
        { guard: 'hasDrainedOnProbation', target: 'Probation', actions: 'waitNoLonger' },
        { guard: 'hasDrainedBound', target: 'Serving', actions: ['forgetDrained', REPORT_RETIRED] },
        { guard: 'hasDrained', target: 'Unbound', actions: ['forgetDrained', REPORT_SETTLED] },
      ],
      after: {
        drainDeadline: [
          { guard: 'isOnProbation', target: 'Probation', actions: 'waitNoLonger' },
          { guard: 'isBound', target: 'Serving', actions: ['forgetDrained', REPORT_RETIRED] },
          { target: 'Unbound', actions: ['forgetDrained', REPORT_SETTLED] },
        ],
      },
      on: {
        'route.prepare': prepareDraining('Draining'),
        'route.confirm': { guard: 'isOnProbation', ...CONFIRM },
        ...ON_PROBATION,
      },
    },
    Probation: {
      description: 'The new release has to prove itself; the old one is kept warm.',
      tags: ['steady', 'proving'],
      after: {
        probation: [
          { guard: 'hasServedEnough', target: 'Confirming', actions: 'takeNoOperation' },
          { target: '#Extended' },
        ],
      },
      on: {
        'route.prepare': prepareMeanwhile('Probation'),
        'route.confirm': CONFIRM,
        ...ON_PROBATION,
      },
    },
    'Probation.Extended': {
      id: 'Extended',
      description: 'Its time is over, but it has not served as many calls as it has to.',
      tags: ['steady', 'proving'],
      on: {
        'route.prepare': prepareMeanwhile('Probation'),
        'route.confirm': CONFIRM,
        ...ON_PROBATION,
        'call.observed': [
          { guard: 'failsProbation', target: FAILED, actions: ['noteFailedProbation', 'wantRollback'] },
          {
            guard: 'servesEnoughNow',
            target: 'Confirming',
            actions: ['countObservation', 'takeNoOperation'],
          },
          { actions: 'countObservation' },
        ],
      },
    },
    'Probation.Failed': {
      id: 'Failed',
      description: 'It has not proved itself: the PID is to return, which is tried again until it works.',
      tags: 'proving',
      after: { rollbackRetry: { target: FAILED, reenter: true, actions: 'wantRollback' } },
      on: {
        'route.prepare': prepareDraining('Probation'),
        'route.confirm': CONFIRM,
        'release.changed': { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
      },
    },
    RollingBack: {
      description: 'The release before is made ready (it is, while warm) and written down.',
      tags: 'held',
      on: {
        'route.prepare': { actions: busyWith('RollingBack') },
        'route.commit': { target: 'Draining', actions: [BIND_BACK, REPORT_RETIRED] },
        'route.abort': [...RESUME],
        'release.changed': NOTE_FAULTS,
      },
    },
    Unbinding: {
      description: 'That the PID is bound to nothing is being written down.',
      tags: 'held',
      on: {
        'route.prepare': { actions: busyWith('Unbinding') },
        'route.commit': { target: 'Draining', actions: ['unbind', REPORT_RETIRED] },
        'route.abort': [...RESUME, { target: 'Unbound', actions: LET_GO }],
        'release.changed': { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
      },
    },
    Confirming: {
      description: 'That the probation is over is being written down.',
      entry: REPORT_BUSY,
      invoke: {
        id: 'commitRoutes',
        src: 'commitRoutes',
        input: ({ context: { pid, release, previous, operationId } }) => ({
          operationId,
          kind: 'confirm',
          reason: null,
          routes: [{ pid, key: release, previous, probation: null }],
        }),
        onDone: { target: 'Draining', actions: ['endProbation', REPORT_SETTLED, 'announceDone'] },
        onError: [
          { guard: 'hasFailedProbation', target: FAILED, actions: [REPORT_SETTLED, 'announceFailure', 'wantRollback'] },
          // Flows may still run on the release before.
          { target: 'Draining', actions: [REPORT_SETTLED, 'announceFailure'] },
        ],
      },
      on: {
        'route.prepare': { actions: busyWith('Confirming') },
        'release.changed': [
          { guard: 'ownReleaseIsFaulted', actions: 'noteBrokenRelease' },
          { guard: 'isOwnRelease', actions: 'noteReleaseFault' },
        ],
      },
    },
  },
});
