import type { AnyEventObject } from 'xstate';
import type { Composition } from './composition.js';
import type { CallLedger } from './ledger.js';
import type { MachineNode } from './nodes.js';
import { stateOf } from './stepper.js';
import type { Kind, Stimulus } from './stimuli.js';

/** Numbers that operations, calls and flows go by; each is given out when the stimulus that carries it happens. */
export interface Numbers {
  operation: number;
  call: number;
  flow: number;
}

/** The releases and product ids of every history: a switchable pair, and a stranger. */
export const KEYS = ['screw@1.0.0', 'screw@2.0.0', 'gear@1.0.0'] as const;
export const PIDS = ['A01', 'B02'] as const;

type Act = readonly [Kind, MachineNode, AnyEventObject];

/** What operators and hosts could do next, through the faces as they are meant to be. */
export function userStimuli(composition: Composition, ledger: CallLedger, numbers: Numbers): readonly Stimulus[] {
  const runner = composition.root;
  if (runner.stopped) return [];
  const acts: readonly Act[] = [
    ...runnerActs(composition, numbers),
    ...packagesOf(composition).flatMap((node) => packageActs(node, ledger, numbers)),
    ...routesOf(composition).flatMap((node) => routeActs(composition, node, numbers)),
  ];
  return acts.map(([kind, to, event]) => ({ kind, by: 'user', to, event }));
}

export const packagesOf = (composition: Composition): readonly MachineNode[] =>
  composition.machines().filter(({ stepper }) => stepper.machine.id === 'package');
export const routesOf = (composition: Composition): readonly MachineNode[] =>
  composition.machines().filter(({ stepper }) => stepper.machine.id === 'route');

/** A command that changes something now is sensible; another is a mistake that must do no harm. */
const sensibleIf = (sensible: boolean): Kind => (sensible ? 'commands' : 'mistakes');

function runnerActs(composition: Composition, { operation: operationId }: Numbers): readonly Act[] {
  const { root: runner } = composition;
  const stateOfKey = (key: string) => {
    const node = composition.find(`package/${key}`);
    return node === undefined ? 'unknown' : stateOf(node.snapshot);
  };
  const releases = KEYS.flatMap((key): readonly Act[] => {
    const state = stateOfKey(key);
    const runs = sensibleIf(/Running|Executing|Starting|Requested|Extracting|Installing/.test(state));
    const stop: Act = [runs, runner, { type: 'release.stop', operationId, key, force: true }];
    return [
      // Stopping in mid-call is where most can go wrong.
      ...(state === 'Executing' ? [stop, stop] : []),
      [sensibleIf(state === 'unknown'), runner, { type: 'package.found', key, target: 'Deployed' }],
      [sensibleIf(state === 'unknown'), runner, { type: 'package.found', key, target: 'Running' }],
      [runs, runner, { type: 'release.stop', operationId, key, force: false }],
      stop,
      [sensibleIf(/Idle|Waiting/.test(state)), runner, { type: 'release.uninstall', operationId, key }],
    ];
  });
  const routes = PIDS.map((pid): Act => {
    const opened = composition.find(`route/${pid}`) !== undefined;
    return [sensibleIf(!opened), runner, { type: 'route.opened', pid }];
  });
  return [...releases, ...routes, ['closes', runner, { type: 'runner.close' }]];
}

/** Deploying, starting and calling go straight to the package. */
function packageActs(node: MachineNode, ledger: CallLedger, numbers: Numbers): readonly Act[] {
  const { operation: operationId, call: callId } = numbers;
  const state = stateOf(node.snapshot);
  const serves = /^(Running|Executing)|Requested|Starting/.test(state);
  const { slots, queue } = node.snapshot.context as { slots: { callId: number }[]; queue: { callId: number }[] };
  const here = [...slots, ...queue].map((call) => call.callId);
  const open = ledger.unsettled.filter((id) => here.includes(id));
  const request: Act = [serves ? 'calls' : 'mistakes', node, { type: 'call.requested', callId, pid: PIDS[0] }];
  const start: Act = [sensibleIf(/Idle/.test(state)), node, { type: 'package.start', operationId }];
  return [
    ...(serves ? [request, request] : [request]),
    ...open.map((id): Act => ['calls', node, { type: 'call.cancelled', callId: id }]),
    ['mistakes', node, { type: 'call.cancelled', callId: callId - 1 }],
    ...(start[0] === 'commands' ? [start, start, start] : [start]),
    [sensibleIf(state === 'Validated.Waiting'), node, { type: 'package.deploy', operationId, target: 'Running' }],
    [sensibleIf(state === 'Invalid.Waiting'), node, { type: 'package.recheck', operationId, target: 'Validated' }],
    [sensibleIf(state === 'Invalid.Waiting'), node, { type: 'package.recheck', operationId, target: 'Running' }],
  ];
}

function routeActs(composition: Composition, node: MachineNode, numbers: Numbers): readonly Act[] {
  const { operation: operationId, flow: flowId } = numbers;
  const state = stateOf(node.snapshot);
  const activate = (key: string, supported = true, missingAssets: readonly string[] = []): Act => {
    const deployed = /^(Running|Executing|Deployed|Stopped)/;
    const target = composition.find(`package/${key}`);
    const able =
      supported && missingAssets.length === 0 && target !== undefined && deployed.test(stateOf(target.snapshot));
    const event = { type: 'route.activate', operationId, key, facts: { supported, missingAssets } };
    return [sensibleIf(able && state === 'Unbound'), node, event];
  };
  return [
    ...KEYS.map((key) => activate(key)),
    ...KEYS.map((key) => activate(key)),
    activate(KEYS[2], false),
    activate(KEYS[0], true, ['model.bin']),
    [sensibleIf(state === 'Serving'), node, { type: 'route.deactivate', operationId }],
    ['flows', node, { type: 'flow.opened', flowId }],
    ['flows', node, { type: 'flow.closed', flowId, reason: 'finished' }],
  ];
}
