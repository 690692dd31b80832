import type { PackageContext } from './package.events.js';
import type { LifecycleState } from './release.js';
import { packageSetup, restRecord } from './package.setup.js';
import { emptySlots } from './slots.js';

const report = <State extends LifecycleState>(state: State, resting: boolean) =>
  ({ type: 'reportState', params: { state, ready: false, resting } }) as const;
const REPORT_SERVING = { type: 'reportState', params: { state: 'Running', ready: true, resting: false } } as const;

/** Sub-states of Running and Executing have dotted keys instead of a parent: the hot path stays one level deep. */
const RESTARTING = '#Restarting';
const STOPPING = '#Stopping';
const DRAINING = '#Draining';

const CANCELLING = [
  { guard: 'callWaits', actions: 'cancelWaiting' },
  { guard: 'callRuns', actions: 'abandonRunning' },
] as const;

/** Starting is the same from Deployed and from Stopped: one process ready makes it Running, none makes it Stopped. */
const STARTING = {
  'process.ready': { target: '#package.Running', actions: ['noteReady', 'forgetLosses', REPORT_SERVING] },
  'process.ended': [
    { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
    { target: 'Halting', actions: ['noteStartGivenUp', 'retireProcess'] },
  ],
  'package.start': {},
  'package.stop': { target: 'Halting', actions: ['takeWish', 'clearFault'] },
} as const;

/** A start that was given up or called off: what was spawned leaves first. */
const HALTING = {
  description: 'The start is given up or called off; what was spawned leaves first.',
  entry: 'stopProcesses',
  always: { guard: 'noProcessLives', target: '#package.Stopped' },
  on: {
    'process.ended': { actions: 'retireProcess' },
    'package.stop': { actions: 'takeWish' },
  },
} as const;

/**
 * One release on its way through the seven states of contract §2; it owns its processes and their waiting calls.
 *
 * INVARIANTS
 * - Every resting state is recorded durably before anything else happens in it (`Recording`).
 * - Nothing counts as Deployed before the probe shook hands and agreed with the manifest (contract §3.2).
 * - Every accepted call gets exactly one `call.settled` (invariant 5); a call that is refused was never accepted.
 * - Running holds an idle process and no waiting call; Executing holds at least one running call.
 */
export const packageMachine = packageSetup.createMachine({
  id: 'package',
  description: 'One release: discovered, validated, deployed, running, executing, stopped or invalid.',
  context: ({ input }): PackageContext => ({
    key: input.key,
    policy: input.policy,
    protocols: input.protocols,
    stored: input.stored,
    target: input.target,
    wanted: input.stored?.wanted ?? 'stopped',
    facts: input.stored?.facts ?? null,
    supportedPids: input.stored?.facts?.supportedPids ?? [],
    fault: input.stored?.reason ?? null,
    slots: emptySlots(input.policy.instances),
    queue: [],
    lossesMs: [],
    failedStarts: 0,
  }),
  initial: 'Recalling',
  on: {
    'package.deploy': { actions: 'refuse' },
    'package.start': { actions: 'refuse' },
    'package.stop': { actions: 'goNoFurther' },
    'package.uninstall': { actions: 'refuse' },
    'package.recheck': { actions: 'refuse' },
    'call.requested': { actions: 'refuseNotReady' },
    'call.cancelled': {},
  },
  states: {
    Recalling: {
      description: 'Passed through at once: the store says where the release rests.',
      always: [
        { guard: { type: 'restsAs', params: { state: 'Validated' } }, target: 'Validated.Waiting' },
        { guard: { type: 'restsAs', params: { state: 'Deployed' } }, target: 'Deployed.Idle' },
        { guard: { type: 'restsAs', params: { state: 'Stopped' } }, target: 'Stopped.Idle' },
        { guard: { type: 'restsAs', params: { state: 'Invalid' } }, target: 'Invalid.Waiting' },
        'Discovered',
      ],
    },

    Discovered: {
      initial: 'Validating',
      states: {
        Validating: {
          description: 'The zip is checked without unpacking it for good.',
          entry: report('Discovered', false),
          invoke: {
            id: 'validatePackage',
            src: 'validatePackage',
            input: ({ context }) => ({ key: context.key }),
            onDone: { target: '#package.Validated', actions: 'noteValidation' },
            onError: { target: '#package.Invalid', actions: 'noteEffectFault' },
          },
        },
      },
    },

    Validated: {
      initial: 'Recording',
      states: {
        Recording: {
          invoke: {
            id: 'recordRest',
            src: 'recordRest',
            input: ({ context }) => restRecord(context, 'Validated'),
            onDone: [{ guard: 'mayDeploy', target: 'Extracting' }, 'Waiting'],
            onError: { target: 'Waiting', actions: 'noteEffectFault' },
          },
        },
        Waiting: {
          description: 'Good to deploy; waits for somebody to ask.',
          entry: report('Validated', true),
          on: {
            'package.deploy': { target: 'Extracting', actions: 'takeTarget' },
            'package.start': { actions: ['refuse', report('Validated', true)] },
            'package.uninstall': 'Removing',
          },
        },
        Extracting: {
          description: 'Unpacked through staging into the final folder, marked incomplete.',
          entry: report('Validated', false),
          on: { 'package.stop': { target: 'Abandoning', actions: 'goNoFurther' } },
          invoke: {
            id: 'extractPackage',
            src: 'extractPackage',
            input: ({ context }) => ({ key: context.key }),
            onDone: 'BuildingEnvironment',
            onError: { target: 'Discarding', actions: 'noteEffectFault' },
          },
        },
        BuildingEnvironment: {
          on: { 'package.stop': { target: 'Abandoning', actions: 'goNoFurther' } },
          invoke: {
            id: 'buildEnvironment',
            src: 'buildEnvironment',
            input: ({ context }) => ({ key: context.key }),
            onDone: 'Installing',
            onError: { target: 'Discarding', actions: 'noteEffectFault' },
          },
        },
        Installing: {
          description: 'Wheels of the package go into its own environment, nothing else.',
          on: { 'package.stop': { target: 'Abandoning', actions: 'goNoFurther' } },
          invoke: {
            id: 'installWheels',
            src: 'installWheels',
            input: ({ context }) => ({ key: context.key }),
            onDone: { target: 'Probing', actions: 'noteFacts' },
            onError: { target: 'Discarding', actions: 'noteEffectFault' },
          },
        },
        Probing: {
          description: 'A first process shows that the entry imports, shakes hands and agrees with the manifest.',
          entry: 'startProbe',
          on: {
            'process.ready': { actions: ['noteReady', 'stopProcesses'] },
            'process.ended': [
              { guard: 'endedWell', target: 'Registering', actions: 'retireProcess' },
              { target: 'Discarding', actions: ['noteStartGivenUp', 'retireProcess'] },
            ],
          },
        },
        Registering: {
          description: 'The installation record is written; from here the deployment is complete.',
          invoke: {
            id: 'completeDeployment',
            src: 'completeDeployment',
            input: ({ context }) => ({ key: context.key }),
            onDone: '#package.Deployed',
            onError: { target: 'Discarding', actions: 'noteEffectFault' },
          },
        },
        Discarding: {
          description: 'What the failed deployment left is removed.',
          invoke: {
            id: 'discardDeployment',
            src: 'discardDeployment',
            input: ({ context }) => ({ key: context.key }),
            onDone: '#package.Invalid',
            onError: '#package.Invalid',
          },
        },
        Abandoning: {
          description: 'The deployment was called off; what it left is removed and the release waits again.',
          invoke: {
            id: 'discardDeployment',
            src: 'discardDeployment',
            input: ({ context }) => ({ key: context.key }),
            onDone: 'Waiting',
            onError: { target: 'Waiting', actions: 'noteEffectFault' },
          },
        },
        Removing: {
          entry: report('Validated', false),
          invoke: {
            id: 'removeRelease',
            src: 'removeRelease',
            input: ({ context }) => ({ key: context.key }),
            onDone: '#package.Gone',
            onError: { target: 'Waiting', actions: 'noteEffectFault' },
          },
        },
      },
    },

    Deployed: {
      initial: 'Recording',
      states: {
        Recording: {
          entry: report('Deployed', false),
          invoke: {
            id: 'recordRest',
            src: 'recordRest',
            input: ({ context }) => restRecord(context, 'Deployed'),
            onDone: [{ guard: 'mayRun', target: 'Requested', actions: 'wantRunning' }, 'Idle'],
            onError: { target: 'Idle', actions: 'noteEffectFault' },
          },
        },
        Idle: {
          description: 'Complete on disk; no process.',
          entry: report('Deployed', true),
          on: {
            'package.start': { target: 'Requested', actions: 'wantRunning' },
            'package.uninstall': 'Uninstalling',
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
            onError: { target: 'Idle', actions: 'noteEffectFault' },
          },
          on: { 'package.start': {}, 'package.stop': { target: 'Recording', actions: ['goNoFurther', 'takeWish'] } },
        },
        Starting: {
          description: 'Processes are spawned and shake hands.',
          entry: 'startProcesses',
          on: STARTING,
        },
        Halting: HALTING,
        Uninstalling: {
          entry: report('Deployed', false),
          invoke: {
            id: 'removeRelease',
            src: 'removeRelease',
            input: ({ context }) => ({ key: context.key }),
            onDone: '#package.Gone',
            onError: { target: 'Idle', actions: 'noteEffectFault' },
          },
        },
      },
    },

    Running: {
      description: 'A process is idle; nobody waits.',
      on: {
        'call.requested': { target: 'Executing', actions: ['giveCall', 'dispatchGiven'] },
        'process.ready': { actions: ['noteReady', 'clearFault'] },
        'process.leaving': [
          { guard: 'othersAble', actions: 'noteLeaving' },
          { target: RESTARTING, actions: 'noteLeaving' },
        ],
        'process.ended': [
          { guard: 'restartsNowWithOthers', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
          { guard: 'restartsLaterWithOthers', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
          { guard: 'restartsNow', target: RESTARTING, actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
          { guard: 'restartsLater', target: RESTARTING, actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
          { target: STOPPING, actions: ['noteBreakerOpen', 'retireProcess'] },
        ],
        'slot.restarted': { actions: 'restartProcess' },
        'package.start': { actions: REPORT_SERVING },
        'package.stop': { target: STOPPING, actions: ['takeWish', 'clearFault'] },
      },
    },

    'Running.Restarting': {
      id: 'Restarting',
      description: 'The last process was lost and is being replaced; calls wait.',
      entry: report('Running', false),
      on: {
        'call.requested': [{ guard: 'queueIsFull', actions: 'refuseFullQueue' }, { actions: 'queueCall' }],
        'call.cancelled': { guard: 'callWaits', actions: 'cancelWaiting' },
        'process.ready': [
          {
            guard: 'callsWait',
            target: 'Executing',
            actions: ['noteReady', 'clearFault', 'dispatchWaiting', REPORT_SERVING],
          },
          { target: 'Running', actions: ['noteReady', 'clearFault', REPORT_SERVING] },
        ],
        'process.ended': [
          { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
          { guard: 'restartsLater', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
          { target: STOPPING, actions: ['noteBreakerOpen', 'retireProcess', 'loseQueue'] },
        ],
        'slot.restarted': { actions: 'restartProcess' },
        'package.start': {},
        'package.stop': { target: STOPPING, actions: ['takeWish', 'clearFault'] },
      },
    },

    'Running.Stopping': {
      id: 'Stopping',
      description: 'Every process was asked to leave.',
      entry: ['cancelQueue', 'stopProcesses'],
      always: { guard: 'noProcessLives', target: 'Stopped' },
      on: {
        'call.settled': { actions: ['announceSettled', 'freeSlot'] },
        'process.ended': { actions: 'retireProcess' },
        'package.stop': { actions: 'takeWish' },
      },
    },

    Executing: {
      description: 'At least one process executes; calls beyond the idle processes wait.',
      on: {
        'call.settled': [
          { guard: 'leavesOthersExecuting', actions: ['announceSettled', 'freeSlot'] },
          { guard: 'leavesOthersAble', target: 'Running', actions: ['announceSettled', 'freeSlot'] },
          { guard: 'leavesNone', target: RESTARTING, actions: ['announceSettled', 'freeSlot'] },
          { guard: 'callsWait', actions: ['announceSettled', 'freeSlot', 'dispatchWaiting'] },
          { guard: 'othersExecute', actions: ['announceSettled', 'freeSlot'] },
          { target: 'Running', actions: ['announceSettled', 'freeSlot'] },
        ],
        'call.requested': [
          { guard: 'slotIsIdle', actions: ['giveCall', 'dispatchGiven'] },
          { guard: 'queueIsFull', actions: 'refuseFullQueue' },
          { actions: 'queueCall' },
        ],
        'call.cancelled': CANCELLING,
        'process.ready': { actions: ['noteReady', 'clearFault', 'dispatchWaiting'] },
        'process.leaving': { actions: 'noteLeaving' },
        'process.ended': [
          { guard: 'restartsNow', actions: ['noteLoss', 'retireProcess', 'restartProcess'] },
          { guard: 'restartsLater', actions: ['noteLoss', 'retireProcess', 'restartProcessLater'] },
          { target: DRAINING, actions: ['noteBreakerOpen', 'retireProcess'] },
        ],
        'slot.restarted': { actions: 'restartProcess' },
        'package.start': { actions: REPORT_SERVING },
        'package.stop': { target: DRAINING, actions: ['takeWish', 'clearFault'] },
      },
    },

    'Executing.Draining': {
      id: 'Draining',
      description: 'Asked to stop; accepted calls are finished first.',
      after: { drainDeadline: STOPPING },
      on: {
        'call.settled': [
          { guard: 'leavesOthersExecuting', actions: ['announceSettled', 'freeSlot'] },
          { guard: 'leavesNone', target: STOPPING, actions: ['announceSettled', 'freeSlot'] },
          { guard: 'callsWait', actions: ['announceSettled', 'freeSlot', 'dispatchWaiting'] },
          { guard: 'othersExecute', actions: ['announceSettled', 'freeSlot'] },
          { target: STOPPING, actions: ['announceSettled', 'freeSlot'] },
        ],
        'call.cancelled': CANCELLING,
        'process.ready': { actions: ['noteReady', 'dispatchWaiting'] },
        'process.leaving': { actions: 'noteLeaving' },
        'process.ended': { actions: 'retireProcess' },
        'package.stop': { actions: 'takeWish' },
      },
    },

    Stopped: {
      initial: 'Recording',
      states: {
        Recording: {
          entry: ['loseQueue', report('Stopped', false)],
          invoke: {
            id: 'recordRest',
            src: 'recordRest',
            input: ({ context }) => restRecord(context, 'Stopped'),
            onDone: 'Idle',
            onError: { target: 'Idle', actions: 'noteEffectFault' },
          },
        },
        Idle: {
          description: 'Complete on disk; no process. A fault says why it stopped, if nobody asked.',
          entry: report('Stopped', true),
          on: {
            'package.start': { target: 'Requested', actions: 'wantRunning' },
            'package.stop': { target: 'Recording', actions: 'takeWish' },
            'package.uninstall': 'Uninstalling',
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
            onError: { target: 'Idle', actions: 'noteEffectFault' },
          },
          on: { 'package.start': {}, 'package.stop': { target: 'Recording', actions: 'takeWish' } },
        },
        Starting: {
          description: 'Processes are spawned and shake hands.',
          entry: 'startProcesses',
          on: STARTING,
        },
        Halting: HALTING,
        Uninstalling: {
          entry: report('Stopped', false),
          invoke: {
            id: 'removeRelease',
            src: 'removeRelease',
            input: ({ context }) => ({ key: context.key }),
            onDone: '#package.Gone',
            onError: { target: 'Idle', actions: 'noteEffectFault' },
          },
        },
      },
    },

    Invalid: {
      initial: 'Recording',
      states: {
        Recording: {
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
            'package.uninstall': 'Removing',
          },
        },
        Removing: {
          entry: report('Invalid', false),
          invoke: {
            id: 'removeRelease',
            src: 'removeRelease',
            input: ({ context }) => ({ key: context.key }),
            onDone: '#package.Gone',
            onError: { target: 'Waiting', actions: 'noteEffectFault' },
          },
        },
      },
    },

    Gone: { description: 'Uninstalled or discarded; the Runner takes the actor away.', entry: 'reportGone' },
  },
});
