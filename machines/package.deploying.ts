import { report } from './package.reports.js';
import { packageSetup, restRecord } from './package.setup.js';

/**
 * From a zip to a deployment (contract §3.2, §3.3).
 *
 * INVARIANTS
 * - Nothing counts as Deployed before the probe shook hands and agreed with the manifest.
 * - Every way out of a deployment under way leads through Registering or removes what was built.
 * - A second request while it is under way only raises its goal: two installations of one zip are one. A deployment
 *   that was called off or is being removed refuses.
 */
const ASKED_AGAIN = { 'package.deploy': { actions: 'goFurther' } } as const;

export const Discovered = packageSetup.createStateConfig({
  description: 'Its zip is known; nothing of it is trusted yet.',
  tags: 'undeployed',
  initial: 'Validating',
  states: {
    Validating: {
      description: 'The zip is checked without unpacking it for good.',
      on: ASKED_AGAIN,
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
});

export const Validated = packageSetup.createStateConfig({
  description: 'Its zip is sound; it is deployed from here.',
  tags: 'undeployed',
  initial: 'Recording',
  states: {
    Recording: {
      description: 'That it is Validated is being written down.',
      on: ASKED_AGAIN,
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
      tags: ['steady', 'resting'],
      entry: report('Validated', true),
      on: {
        'package.deploy': { target: 'Extracting', actions: 'takeTarget' },
        'package.start': { actions: ['refuse', report('Validated', true)] },
        'package.uninstall': { target: 'Removing', actions: 'takeOperation' },
      },
    },
    Extracting: {
      description: 'Unpacked through staging into the final folder, marked incomplete.',
      entry: report('Validated', false),
      on: { ...ASKED_AGAIN, 'package.stop': { target: 'Abandoning', actions: 'goNoFurther' } },
      invoke: {
        id: 'extractPackage',
        src: 'extractPackage',
        input: ({ context }) => ({ key: context.key }),
        onDone: 'BuildingEnvironment',
        onError: { target: 'Discarding', actions: 'noteEffectFault' },
      },
    },
    BuildingEnvironment: {
      description: 'A Python environment of its own is being made.',
      on: { ...ASKED_AGAIN, 'package.stop': { target: 'Abandoning', actions: 'goNoFurther' } },
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
      on: { ...ASKED_AGAIN, 'package.stop': { target: 'Abandoning', actions: 'goNoFurther' } },
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
        ...ASKED_AGAIN,
        'process.ready': { target: 'Concluding', actions: 'noteReady' },
        'process.ended': { target: 'Discarding', actions: ['noteStartGivenUp', 'retireProcess'] },
        'package.stop': { target: 'Halting', actions: 'goNoFurther' },
      },
    },
    Concluding: {
      description: 'The probe has passed; its process leaves.',
      entry: 'stopProcesses',
      on: {
        ...ASKED_AGAIN,
        'process.ended': { target: 'Registering', actions: 'retireProcess' },
        'package.hurry': { actions: 'killProcesses' },
      },
    },
    Halting: {
      description: 'The deployment was called off; its probe leaves first.',
      entry: 'stopProcesses',
      on: {
        'process.ended': { target: 'Abandoning', actions: 'retireProcess' },
        'package.hurry': { actions: 'killProcesses' },
      },
    },
    Registering: {
      description: 'The installation record is written; from here the deployment is complete.',
      on: ASKED_AGAIN,
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
      on: ASKED_AGAIN,
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
      description: 'It is being taken off the disk.',
      tags: 'removing',
      entry: report('Validated', false),
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
