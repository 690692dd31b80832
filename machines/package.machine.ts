import type { PackageContext } from './package.events.js';
import { Discovered, Validated } from './package.deploying.js';
import { Deployed, Invalid, Stopped } from './package.resting.js';
import { Draining, Executing, Restarting, Running, Stopping } from './package.serving.js';
import { packageSetup } from './package.setup.js';
import { emptySlots } from './slots.js';

/**
 * One release on its way through the seven states of contract §2; it owns its processes and their waiting calls.
 *
 * INVARIANTS
 * - Every resting state is recorded durably before anything else happens in it (`Recording`).
 * - Every accepted call gets exactly one `call.settled` (invariant 5); a call that is refused was never accepted.
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
    turns: [],
    lossesMs: [],
    failedStarts: 0,
    onTrial: false,
    operationId: 0,
  }),
  initial: 'Recalling',
  on: {
    'package.deploy': { actions: 'refuse' },
    'package.start': { actions: 'refuse' },
    'package.stop': { actions: 'goNoFurther' },
    'package.uninstall': { actions: 'refuse' },
    'package.recheck': { actions: 'refuse' },
    'package.hurry': {},
    'call.requested': { actions: 'refuseNotReady' },
    'call.cancelled': {},
    'call.expired': {},
    'call.waited': {},
    'call.returned': {},
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

    Discovered,
    Validated,
    Deployed,
    Running,
    'Running.Restarting': Restarting,
    'Running.Stopping': Stopping,
    Executing,
    'Executing.Draining': Draining,
    Stopped,
    Invalid,
    Gone: {
      description: 'Uninstalled or discarded; the Runner takes the actor away.',
      tags: 'undeployed',
      entry: 'reportGone',
    },
  },
});
