import type { AnyEventObject } from 'xstate';
import type { PackageContext } from '../../../machines/index.js';
import { KEYS, PIDS } from './cast.js';
import type { Numbers, UserAct } from './cast.js';
import { routeActs } from './changing.js';
import type { Composition, MachineNode } from '../../../src/testing/model/index.js';
import { stateOf } from '../../../src/stepping/index.js';
import type { Kind, Stimulus } from './stimuli.js';

/** What operators and hosts could do next, through the faces as they are meant to be. */
export function userStimuli(composition: Composition, numbers: Numbers): readonly Stimulus[] {
  const runner = composition.root;
  if (runner.stopped) return [];
  const acts: readonly UserAct[] = [
    ...runnerActs(composition, numbers),
    ...routeActs(composition, numbers),
    ...packagesOf(composition).flatMap((node) => packageActs(node, numbers)),
  ];
  return acts.map(([kind, to, make]) => new ByUser(kind, to, make));
}

class ByUser {
  readonly by = 'user';
  #event: AnyEventObject | undefined;

  constructor(
    readonly kind: Kind,
    readonly to: MachineNode,
    readonly make: () => AnyEventObject,
  ) {}

  /** The same however often it is asked for, whatever numbers were given out since. */
  get event(): AnyEventObject {
    return (this.#event ??= this.make());
  }
}

export const packagesOf = (composition: Composition): readonly MachineNode[] =>
  composition.machines().filter(({ stepper }) => stepper.machine.id === 'package');

/** A command that changes something now is sensible; another is a mistake that must do no harm. */
const sensibleIf = (sensible: boolean): Kind => (sensible ? 'commands' : 'mistakes');

function runnerActs(composition: Composition, { operation: operationId }: Numbers): readonly UserAct[] {
  const { root: runner } = composition;
  const stateOfKey = (key: string) => {
    const node = composition.find(`package/${key}`);
    return node === undefined ? 'unknown' : stateOf(node.snapshot);
  };
  const releases = KEYS.flatMap((key): readonly UserAct[] => {
    const state = stateOfKey(key);
    const runs = sensibleIf(/Running|Executing|Starting|Requested|Extracting|Installing/.test(state));
    const stop: UserAct = [runs, runner, () => ({ type: 'release.stop', operationId, key, force: true })];
    return [
      // Stopping in mid-call is where most can go wrong.
      ...(state === 'Executing' ? [stop, stop] : []),
      [sensibleIf(state === 'unknown'), runner, () => ({ type: 'package.found', key, target: 'Deployed' })],
      [sensibleIf(state === 'unknown'), runner, () => ({ type: 'package.found', key, target: 'Running' })],
      [runs, runner, () => ({ type: 'release.stop', operationId, key, force: false })],
      stop,
      [sensibleIf(/Idle|Waiting|Cooling/.test(state)), runner, () => ({ type: 'release.uninstall', operationId, key })],
    ];
  });
  const state = stateOf(runner.snapshot);
  return [
    ...releases,
    ['closes', runner, () => ({ type: 'runner.close' })],
    [/Finishing|Draining/.test(state) ? 'closes' : 'mistakes', runner, () => ({ type: 'runner.hurry' })],
    [state === 'Finishing' ? 'closes' : 'mistakes', runner, () => ({ type: 'flows.finished' })],
  ];
}

/** Deploying, starting and calling go straight to the package. */
function packageActs(node: MachineNode, numbers: Numbers): readonly UserAct[] {
  const { operation: operationId } = numbers;
  const state = stateOf(node.snapshot);
  const start: UserAct = [sensibleIf(/Idle|Cooling/.test(state)), node, () => ({ type: 'package.start', operationId })];
  return [
    ...callActs(node, numbers),
    ...(start[0] === 'commands' ? [start, start, start] : [start]),
    [
      sensibleIf(state === 'Validated.Waiting'),
      node,
      () => ({ type: 'package.deploy', operationId, target: 'Running' }),
    ],
    [
      sensibleIf(state === 'Invalid.Waiting'),
      node,
      () => ({ type: 'package.recheck', operationId, target: 'Validated' }),
    ],
    [
      sensibleIf(state === 'Invalid.Waiting'),
      node,
      () => ({ type: 'package.recheck', operationId, target: 'Running' }),
    ],
  ];
}

function callActs(node: MachineNode, { call: callId }: Numbers): readonly UserAct[] {
  const serves = /^(Running|Executing)|Requested|Starting/.test(stateOf(node.snapshot));
  const { slots, queue } = node.snapshot.context as PackageContext;
  const running = slots.flatMap(({ call, abandoned }) => (call === null || abandoned ? [] : [call]));
  const open = [...new Set([...running, ...queue].map((call) => call.callId))];
  const calls = [{ pid: PIDS[0] }, { pid: PIDS[1] }, { pid: PIDS[0], retries: 1 }, { pid: PIDS[0], home: 0 }];
  return [
    ...[...calls, { pid: PIDS[1], home: 1 }].map((call): UserAct => {
      return [serves ? 'calls' : 'mistakes', node, () => ({ type: 'call.requested', callId, ...call })];
    }),
    ...open.flatMap((id): readonly UserAct[] => [
      ['calls', node, () => ({ type: 'call.cancelled', callId: id })],
      ['calls', node, () => ({ type: 'call.expired', callId: id })],
    ]),
    ['mistakes', node, () => ({ type: 'call.cancelled', callId: callId - 1 })],
    ['mistakes', node, () => ({ type: 'call.expired', callId: callId - 1 })],
  ];
}
