import type { ChangeKind, RouteContext, RunnerContext } from '../../../machines/index.js';
import { releaseOf } from '../../../machines/index.js';
import { KEYS, PIDS } from './cast.js';
import type { Numbers, UserAct } from './cast.js';
import type { Composition, MachineNode } from '../../../src/testing/model/index.js';
import { BROKEN } from './samples.js';
import { stateOf } from '../../../src/stepping/index.js';

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

/** Where a PID stands, as far as it matters for what makes sense now. */
interface Place {
  readonly state: string;
  readonly release: string | null;
  readonly previous: string | null;
}

function changes(composition: Composition, { operation: operationId }: Numbers): readonly UserAct[] {
  const places = new Map(PIDS.map((pid) => [pid as string, placeOf(composition, pid)]));
  const able = new Set(KEYS.filter((key) => isDeployed(composition, key)) as readonly string[]);
  const ask = (
    kind: ChangeKind,
    key: string | null,
    pids: readonly string[],
    { facts, probation = {} }: { facts?: object; probation?: object } = {},
  ): UserAct => {
    const make = () => {
      const judged = Object.fromEntries(pids.map((pid) => [pid, facts ?? FINE]));
      return { type: 'changeover.asked', operationId, kind, key, pids, facts: judged, probation };
    };
    const leadsOn = (pid: string) => makesSense(places.get(pid), kind, key, able);
    return [facts === undefined && pids.every(leadsOn) ? 'changes' : 'mistakes', composition.root, make];
  };
  const [first = ''] = PIDS;
  return [
    ...GROUPS.flatMap((pids) => [
      ...KEYS.flatMap((key) => (['activate', 'switch', 'rollback'] as const).map((kind) => ask(kind, key, pids))),
      ask('deactivate', null, pids),
    ]),
    // What is most often done is offered most often: the way back.
    ...PIDS.flatMap((pid) => {
      const previous = places.get(pid)?.previous ?? null;
      return previous === null ? [] : [ask('rollback', previous, [pid]), ask('rollback', previous, [pid])];
    }),
    ask('rollback', null, [first]),
    // Asked twice in one breath: a face keeps that away, the machines bear it.
    ask('activate', KEYS[0], [first, first, ...PIDS]),
    ...GROUPS.map((pids) => ask('switch', KEYS[1], pids, { probation: { durationMs: 30, callsMin: 0 } })),
    ask('switch', KEYS[1], [first], { facts: LACKS_ASSETS }),
    ask('activate', KEYS[0], [first], { facts: UNSUPPORTED }),
    ['mistakes', composition.root, () => ({ type: 'changeover.measured', operationId, outcome: 'committed' })],
  ];
}

function placeOf(composition: Composition, pid: string): Place | undefined {
  const node = composition.find(`route/${pid}`);
  if (node === undefined) return undefined;
  const { release, previous } = node.snapshot.context as RouteContext;
  return { state: stateOf(node.snapshot), release, previous };
}

function isDeployed(composition: Composition, key: string): boolean {
  const node = composition.find(`package/${key}`);
  return node !== undefined && /^(Running|Executing|Deployed|Stopped)/.test(stateOf(node.snapshot));
}

/** Whether a route would take part, and the release could serve it. */
function makesSense(
  place: Place | undefined,
  kind: ChangeKind,
  key: string | null,
  able: ReadonlySet<string>,
): boolean {
  const { state, release } = place ?? { state: '', release: null };
  if (/Switching|RollingBack|Unbinding|Confirming/.test(state)) return false;
  if (kind === 'deactivate') return release !== null;
  if (key === null || !able.has(key)) return false;
  if (kind === 'activate') return release === null;
  const isSibling = release !== null && key !== release && releaseOf(key).name === releaseOf(release).name;
  return isSibling && (kind === 'rollback' || state === 'Serving');
}

/** Calling off a change that is under way, and one that is not. */
function cancellations(composition: Composition): readonly UserAct[] {
  const { changeovers } = composition.root.snapshot.context as RunnerContext;
  const open = Object.values(changeovers).flatMap(({ operationId }) => (operationId === 0 ? [] : [operationId]));
  return [
    ...open.map((operationId): UserAct => [
      'changes',
      composition.root,
      () => ({ type: 'changeover.cancel', operationId }),
    ]),
    ['mistakes', composition.root, () => ({ type: 'changeover.cancel', operationId: -1 })],
  ];
}

function observations(node: MachineNode, { operation: operationId, flow: flowId }: Numbers): readonly UserAct[] {
  const { release, flows, onProbation } = node.snapshot.context as RouteContext;
  const observed = onProbation ? 'calls' : 'mistakes';
  const opened: readonly UserAct[] =
    release === null ? [] : [['flows', node, () => ({ type: 'flow.opened', flowId, key: release })]];
  const seen = (failure: unknown): readonly UserAct[] => [
    [observed, node, () => ({ type: 'call.observed', key: release ?? KEYS[0], failure })],
    [observed, node, () => ({ type: 'call.observed', key: release ?? KEYS[0], failure })],
  ];
  return [
    ...opened,
    ...Object.keys(flows).flatMap((key): readonly UserAct[] => [
      ['flows', node, () => ({ type: 'flow.closed', flowId: flowId - 1, key, reason: 'finished' })],
    ]),
    ...seen(null),
    ...seen(BROKEN),
    ['mistakes', node, () => ({ type: 'call.observed', key: KEYS[3], failure: BROKEN })],
    [onProbation ? 'changes' : 'mistakes', node, () => ({ type: 'route.confirm', operationId })],
  ];
}
