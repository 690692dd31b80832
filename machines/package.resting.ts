import { WAITING } from './package.calls.js';
import { report, REPORT_SERVING } from './package.reports.js';
import { packageSetup, restRecord } from './package.setup.js';
import type { RestingState } from './release.js';

/**
 * Where a release rests on disk, and how it leaves its rest (contract §2).
 *
 * INVARIANTS
 * - Every resting state is recorded durably before anything else happens in it (`Recording`).
 * - The request to run is recorded before a process is started (`Requested`).
 * - From the request on, calls wait as they do in a restart; a start that fails or is called off settles them.
 */

/**
 * Starting is the same from Deployed and from Stopped: one process ready makes it Running, none makes it Stopped. With
 * calls waiting, Running is passed through in the same step, and a trace shows Executing.
 */
const STARTING = {
  description: 'Processes are spawned and shake hands.',
  tags: ['starting'],
  entry: 'startProcesses',
  on: {
    ...WAITING,
    'process.ready': [
      {
        guard: 'callsWait',
        target: '#package.Executing',
        actions: ['noteReady', 'forgetLosses', 'dispatchWaiting', REPORT_SERVING],
      },
      { target: '#package.Running', actions: ['noteReady', 'forgetLosses', REPORT_SERVING] },
    ],
    'process.ended': [
      { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
      { target: 'Halting', actions: ['noteStartGivenUp', 'retireProcess', 'settleQueue'] },
    ],
    'package.start': {},
    'package.stop': { target: 'Halting', actions: ['takeWish', 'clearFault', 'settleQueue'] },
  },
} as const;

const HALTING = {
  description: 'The start is given up or called off; what was spawned leaves first.',
  tags: ['leaving'],
  entry: 'stopProcesses',
  always: { guard: 'noProcessLives', target: '#package.Stopped' },
  on: {
    'process.ended': { actions: 'retireProcess' },
    'package.stop': { actions: 'takeWish' },
    'package.hurry': { actions: 'killProcesses' },
  },
} as const;

/** @param onStop what a stop does to the start that is called off */
const requested = (state: RestingState, onStop: 'goNoFurther' | 'takeWish') =>
  packageSetup.createStateConfig({
    description: 'The request to run is being recorded.',
    tags: 'requested',
    entry: report(state, false),
    invoke: {
      id: 'recordWish',
      src: 'recordRest',
      input: ({ context }) => restRecord(context, state),
      onDone: 'Starting',
      onError: { target: 'Idle', actions: ['noteEffectFault', 'settleQueue'] },
    },
    on: {
      ...WAITING,
      'package.start': {},
      'package.stop': { target: 'Recording', actions: [onStop, 'settleQueue'] },
    },
  });

/** @param onFailure where it rests again when it could not be removed */
const uninstalling = (state: RestingState, onFailure: 'Idle' | 'Waiting') =>
  packageSetup.createStateConfig({
    description: 'It is being taken off the disk.',
    tags: ['removing', 'undeployed'],
    entry: report(state, false),
    invoke: {
      id: 'removeRelease',
      src: 'removeRelease',
      input: ({ context }) => ({ key: context.key, operationId: context.operationId }),
      onDone: '#package.Gone',
      onError: { target: onFailure, actions: 'noteEffectFault' },
    },
  });

export const Deployed = packageSetup.createStateConfig({
  description: 'Complete on disk; its algorithm has shaken hands once.',
  initial: 'Recording',
  states: {
    Recording: {
      description: 'Where it rests is being written down.',
      tags: 'forgetful',
      entry: report('Deployed', false),
      invoke: {
        id: 'recordRest',
        src: 'recordRest',
        input: ({ context }) => restRecord(context, 'Deployed'),
        onDone: [{ guard: 'mayRun', target: 'Requested', actions: 'wantRunning' }, 'Idle'],
        onError: { target: 'Idle', actions: 'noteEffectFault' },
      },
      on: {
        'package.start': { actions: 'goOnToRunning' },
        'package.stop': { guard: 'wishChanges', target: 'Recording', reenter: true, actions: 'goNoFurther' },
      },
    },
    Idle: {
      description: 'Complete on disk; no process.',
      tags: ['steady', 'resting', 'forgetful'],
      entry: report('Deployed', true),
      on: {
        'package.start': { target: 'Requested', actions: 'wantRunning' },
        'package.stop': { guard: 'wishChanges', target: 'Recording', actions: 'goNoFurther' },
        'package.uninstall': { target: 'Uninstalling', actions: 'takeOperation' },
      },
    },
    Requested: requested('Deployed', 'goNoFurther'),
    Starting: STARTING,
    Halting: HALTING,
    Uninstalling: uninstalling('Deployed', 'Idle'),
  },
});

export const Stopped = packageSetup.createStateConfig({
  description: 'Complete on disk, and it has run. A fault says why it stopped, if nobody asked.',
  initial: 'Recording',
  states: {
    Recording: {
      description: 'Where it rests is being written down.',
      tags: 'leaving',
      entry: report('Stopped', false),
      invoke: {
        id: 'recordRest',
        src: 'recordRest',
        input: ({ context }) => restRecord(context, 'Stopped'),
        onDone: [{ guard: 'coolsDown', target: 'Cooling' }, 'Idle'],
        onError: [
          { guard: 'coolsDown', target: 'Cooling' },
          { target: 'Idle', actions: 'noteEffectFault' },
        ],
      },
      on: {
        'package.stop': {
          guard: 'wishChanges',
          target: 'Recording',
          reenter: true,
          actions: ['takeWish', 'clearFault'],
        },
      },
    },
    Idle: {
      description: 'Complete on disk; no process. A fault says why it stopped, if nobody asked.',
      tags: ['steady', 'resting', 'forgetful'],
      entry: report('Stopped', true),
      on: {
        'package.start': { target: 'Requested', actions: 'wantRunning' },
        'package.stop': { guard: 'wishChanges', target: 'Recording', actions: 'takeWish' },
        'package.uninstall': { target: 'Uninstalling', actions: 'takeOperation' },
      },
    },
    Cooling: {
      description:
        'The breaker is open; after its cool-down one start is tried (half open). A person closes it at once.',
      tags: ['steady', 'resting'],
      entry: report('Stopped', true),
      after: { cooldown: { target: 'Requested', actions: 'beginTrial' } },
      on: {
        'package.start': { target: 'Requested', actions: 'wantRunning' },
        'package.stop': { guard: 'wishChanges', target: 'Recording', actions: ['takeWish', 'clearFault'] },
        'package.uninstall': { target: 'Uninstalling', actions: 'takeOperation' },
      },
    },
    Requested: requested('Stopped', 'takeWish'),
    Starting: STARTING,
    Halting: HALTING,
    Uninstalling: uninstalling('Stopped', 'Idle'),
  },
});

export const Invalid = packageSetup.createStateConfig({
  description: 'It cannot be used; code and reason say why.',
  tags: 'undeployed',
  initial: 'Recording',
  states: {
    Recording: {
      description: 'Where it rests is being written down.',
      entry: report('Invalid', false),
      invoke: {
        id: 'recordRest',
        src: 'recordRest',
        input: ({ context }) => restRecord(context, 'Invalid'),
        onDone: 'Waiting',
        onError: 'Waiting',
      },
    },
    Waiting: {
      description: 'Code and reason are recorded; a person decides.',
      tags: ['steady', 'resting'],
      entry: report('Invalid', true),
      on: {
        'package.recheck': { target: '#package.Discovered', actions: 'takeTarget' },
        'package.start': { actions: ['refuse', report('Invalid', true)] },
        'package.uninstall': { target: 'Removing', actions: 'takeOperation' },
      },
    },
    Removing: uninstalling('Invalid', 'Waiting'),
  },
});
