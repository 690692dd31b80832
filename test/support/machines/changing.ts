import type { ChangeKind, RouteContext, RunnerContext } from '../../../machines/index.js';
import { releaseOf } from '../../../machines/index.js';
import { KEYS, PIDS } from './cast.js';
import type { Numbers, UserAct } from './cast.js';
import type { Composition } from './composition.js';
import type { MachineNode } from './nodes.js';
import { BROKEN } from './samples.js';
import { stateOf } from './stepper.js';

export const routesOf = (composition: Composition): readonly MachineNode[] =>
  composition.machines().filter(({ stepper }) => stepper.machine.id === 'route');

/** What operators could do next to routes, and what the face tells them of flows and calls. */
export const routeActs = (composition: Composition, numbers: Numbers): readonly UserAct[] => [
  ...changes(composition, numbers),
  ...cancellations(composition),
  ...routesOf(composition).flatMap((node) => observations(node, numbers)),
];

const GROUPS: readonly (readonly string[])[] = [...PIDS.map((pid) => [pid]), [...PIDS], [...PIDS].reverse()];
const LACKS_ASSETS = { supported: true, missingAssets: ['model.bin'] };
const UNSUPPORTED = { supported: false, missingAssets: [] };
const FINE = { supported: true, missingAssets: [] };

interface Place {
  readonly state: string;
  readonly release: string | null;
  readonly previous: string | null;
  readonly onProbation: boolean;
}

function changes(composition: Composition, { operation: operationId }: Numbers): readonly UserAct[] {
  const ask = (
    kind: ChangeKind,
    key: string | null,
    pids: readonly string[],
    more: { facts?: object; probation?: object } = {},
  ): UserAct => {
    const facts = Object.fromEntries(pids.map((pid) => [pid, more.facts ?? FINE]));
    const event = { type: 'changeover.asked', operationId, kind, key, pids, facts, probation: more.probation ?? {} };
    const sensible = more.facts === undefined && pids.every((pid) => makesSense(composition, kind, key, pid));
    return [sensible ? 'changes' : 'mistakes', composition.root, event];
  };
  const [first = ''] = PIDS;
  return [
    ...GROUPS.flatMap((pids) => [
      ...KEYS.flatMap((key) => (['activate', 'switch', 'rollback'] as const).map((kind) => ask(kind, key, pids))),
      ask('deactivate', null, pids),
    ]),
    // What is most often done is offered most often: the way back.
    ...PIDS.flatMap((pid) => {
      const { previous } = placeOf(composition, pid);
      return previous === null ? [] : [ask('rollback', previous, [pid]), ask('rollback', previous, [pid])];
    }),
    ask('rollback', null, [first]),
    ...GROUPS.map((pids) => ask('switch', KEYS[1], pids, { probation: { durationMs: 30, callsMin: 0 } })),
    ask('switch', KEYS[1], [first], { facts: LACKS_ASSETS }),
    ask('activate', KEYS[0], [first], { facts: UNSUPPORTED }),
    ['mistakes', composition.root, { type: 'changeover.measured', operationId, outcome: 'committed' }],
  ];
}

function placeOf(composition: Composition, pid: string): Place {
  const node = composition.find(`route/${pid}`);
  if (node === undefined) return { state: 'none', release: null, previous: null, onProbation: false };
  return { state: stateOf(node.snapshot), ...(node.snapshot.context as RouteContext) };
}

/** Whether a route would take part, and the release could serve it. */
function makesSense(composition: Composition, kind: ChangeKind, key: string | null, pid: string): boolean {
  const { state, release, onProbation } = placeOf(composition, pid);
  if (/Switching|RollingBack|Unbinding|Confirming/.test(state)) return false;
  const target = key === null ? undefined : composition.find(`package/${key}`);
  const able = target !== undefined && /^(Running|Executing|Deployed|Stopped)/.test(stateOf(target.snapshot));
  const isSuccessor =
    key !== null && release !== null && key !== release && releaseOf(key).name === releaseOf(release).name;
  switch (kind) {
    case 'activate':
      return able && release === null;
    case 'switch':
      return able && isSuccessor && state === 'Serving';
    case 'rollback':
      return able && isSuccessor;
    case 'deactivate':
      return release !== null && !onProbation;
  }
}

/** Calling off a change that is under way, and one that is not. */
function cancellations(composition: Composition): readonly UserAct[] {
  const { changeovers } = composition.root.snapshot.context as RunnerContext;
  const open = Object.values(changeovers).flatMap(({ operationId }) => (operationId === 0 ? [] : [operationId]));
  return [
    ...open.map((operationId): UserAct => ['changes', composition.root, { type: 'changeover.cancel', operationId }]),
    ['mistakes', composition.root, { type: 'changeover.cancel', operationId: -1 }],
  ];
}

function observations(node: MachineNode, { operation: operationId, flow: flowId }: Numbers): readonly UserAct[] {
  const { release, flows, onProbation } = node.snapshot.context as RouteContext;
  const observed = onProbation ? 'calls' : 'mistakes';
  const opened: readonly UserAct[] =
    release === null ? [] : [['flows', node, { type: 'flow.opened', flowId, key: release }]];
  const seen = (failure: unknown): readonly UserAct[] => [
    [observed, node, { type: 'call.observed', key: release ?? KEYS[0], failure }],
    [observed, node, { type: 'call.observed', key: release ?? KEYS[0], failure }],
  ];
  return [
    ...opened,
    ...Object.keys(flows).flatMap((key): readonly UserAct[] => [
      ['flows', node, { type: 'flow.closed', flowId: flowId - 1, key, reason: 'finished' }],
    ]),
    ...seen(null),
    ...seen(BROKEN),
    ['mistakes', node, { type: 'call.observed', key: KEYS[3], failure: BROKEN }],
    [onProbation ? 'changes' : 'mistakes', node, { type: 'route.confirm', operationId }],
  ];
}
