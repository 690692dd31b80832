import { report, REPORT_SERVING } from './package.reports.js';
import { packageSetup, restRecord } from './package.setup.js';

/**
 * Where a release rests on disk, and how it leaves its rest (contract §2).
 *
 * INVARIANTS
 * - Every resting state is recorded durably before anything else happens in it (`Recording`).
 * - The wish to run is recorded before a process is started (`Requested`).
 * - From the request on, calls wait as they do in a restart; a start that fails or is called off settles them.
 */
const WAITING = {
  'call.requested': [
    { guard: 'homeIsGone', actions: 'refuseHomeGone' },
    { guard: 'queueIsFull', actions: 'refuseFullQueue' },
    { actions: 'queueCall' },
  ],
  'call.cancelled': { guard: 'callWaits', actions: 'giveUpWaiting' },
  'call.expired': { guard: 'callWaits', actions: 'giveUpWaiting' },
  'call.waited': { guard: 'callWaits', actions: 'giveUpWaiting' },
} as const;

/**
 * Starting is the same from Deployed and from Stopped: one process ready makes it Running, none makes it Stopped. With
 * calls waiting, Running is passed through in the same step, and a trace shows Executing.
 */
const STARTING = {
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
} as const;

/** A start that was given up or called off: what was spawned leaves first. */
const HALTING = {
  description: 'The start is given up or called off; what was spawned leaves first.',
  entry: 'stopProcesses',
  always: { guard: 'noProcessLives', target: '#package.Stopped' },
  on: {
    'process.ended': { actions: 'retireProcess' },
    'package.stop': { actions: 'takeWish' },
    'package.hurry': { actions: 'killProcesses' },
  },
} as const;

export const Deployed = packageSetup.createStateConfig({
  description: 'Complete on disk; its algorithm has shaken hands once.',
  initial: 'Recording',
  states: {
    Recording: {
      description: 'Where it rests is being written down.',
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
        'package.stop': {
          guard: 'wishChanges',
          target: 'Recording',
          reenter: true,
          actions: 'goNoFurther',
        },
      },
    },
    Idle: {
      description: 'Complete on disk; no process.',
      entry: report('Deployed', true),
      on: {
        'package.start': { target: 'Requested', actions: 'wantRunning' },
        'package.stop': { guard: 'wishChanges', target: 'Recording', actions: 'goNoFurther' },
        'package.uninstall': { target: 'Uninstalling', actions: 'takeOperation' },
      },
    },
    Requested: {
      description: 'The wish to run is being recorded.',
      entry: report('Deployed', false),
      invoke: {
        id: 'recordWish',
        src: 'recordRest',
        input: ({ context }) => restRecord(context, 'Deployed'),
        onDone: 'Starting',
        onError: { target: 'Idle', actions: ['noteEffectFault', 'settleQueue'] },
      },
      on: {
        ...WAITING,
        'package.start': {},
        'package.stop': { target: 'Recording', actions: ['goNoFurther', 'settleQueue'] },
      },
    },
    Starting: {
      description: 'Processes are spawned and shake hands.',
      entry: 'startProcesses',
      on: STARTING,
    },
    Halting: HALTING,
    Uninstalling: {
      description: 'It is being taken off the disk.',
      entry: report('Deployed', false),
      invoke: {
        id: 'removeRelease',
        src: 'removeRelease',
        input: ({ context }) => ({ key: context.key, operationId: context.operationId }),
        onDone: '#package.Gone',
        onError: { target: 'Idle', actions: 'noteEffectFault' },
      },
    },
  },
});

export const Stopped = packageSetup.createStateConfig({
  description: 'Complete on disk, and it has run. A fault says why it stopped, if nobody asked.',
  initial: 'Recording',
  states: {
    Recording: {
      description: 'Where it rests is being written down.',
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
      entry: report('Stopped', true),
      after: { cooldown: { target: 'Requested', actions: 'beginTrial' } },
      on: {
        'package.start': { target: 'Requested', actions: 'wantRunning' },
        'package.stop': { guard: 'wishChanges', target: 'Recording', actions: ['takeWish', 'clearFault'] },
        'package.uninstall': { target: 'Uninstalling', actions: 'takeOperation' },
      },
    },
    Requested: {
      description: 'The wish to run is being recorded.',
      entry: report('Stopped', false),
      invoke: {
        id: 'recordWish',
        src: 'recordRest',
        input: ({ context }) => restRecord(context, 'Stopped'),
        onDone: 'Starting',
        onError: { target: 'Idle', actions: ['noteEffectFault', 'settleQueue'] },
      },
      on: {
        ...WAITING,
        'package.start': {},
        'package.stop': { target: 'Recording', actions: ['takeWish', 'settleQueue'] },
      },
    },
    Starting: {
      description: 'Processes are spawned and shake hands.',
      entry: 'startProcesses',
      on: STARTING,
    },
    Halting: HALTING,
    Uninstalling: {
      description: 'It is being taken off the disk.',
      entry: report('Stopped', false),
      invoke: {
        id: 'removeRelease',
        src: 'removeRelease',
        input: ({ context }) => ({ key: context.key, operationId: context.operationId }),
        onDone: '#package.Gone',
        onError: { target: 'Idle', actions: 'noteEffectFault' },
      },
    },
  },
});

export const Invalid = packageSetup.createStateConfig({
  description: 'It cannot be used; code and reason say why.',
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
      entry: report('Invalid', true),
      on: {
        'package.recheck': { target: '#package.Discovered', actions: 'takeTarget' },
        'package.start': { actions: ['refuse', report('Invalid', true)] },
        'package.uninstall': { target: 'Removing', actions: 'takeOperation' },
      },
    },
    Removing: {
      description: 'It is being taken off the disk.',
      entry: report('Invalid', false),
      invoke: {
        id: 'removeRelease',
        src: 'removeRelease',
        input: ({ context }) => ({ key: context.key, operationId: context.operationId }),
        onDone: '#package.Gone',
        onError: { target: 'Waiting', actions: 'noteEffectFault' },
      },
    },
  },
});
