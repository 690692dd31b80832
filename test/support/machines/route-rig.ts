import { fault, routeMachine } from '../../../machines/index.js';
import type {
  ChangeKind,
  Fault,
  ProbationPolicy,
  RouteContext,
  RouteInput,
  RoutePolicy,
} from '../../../machines/index.js';
import { Rig } from './rig.js';
import { KEY, PID } from './samples.js';

/** The release a PID is switched to, one further back, and another algorithm. */
export const NEXT = 'screw@2.0.0';
export const OLDER = 'screw@0.9.0';
export const STRANGER = 'gear@1.0.0';

export const ROUTE_POLICY: RoutePolicy = {
  probation: { durationMs: 60_000, errorsMax: 1, callsMin: 0 },
  fallback: false,
  drainMs: 30_000,
  rollbackRetryMs: 10_000,
};
const policyWith = (probation: Partial<ProbationPolicy> = {}): RoutePolicy => ({
  ...ROUTE_POLICY,
  probation: { ...ROUTE_POLICY.probation, ...probation },
});

/** One product id, alone. */
export const aRoute = (bound: string | null = null, more: Partial<RouteInput> = {}): Rig =>
  new Rig(routeMachine, {
    ...{ pid: PID, bound, previous: null, probation: false, fault: null, policy: ROUTE_POLICY, ...more },
  } satisfies RouteInput);

interface Asked {
  readonly supported?: boolean;
  readonly missingAssets?: readonly string[];
  readonly invalid?: Fault;
  readonly probation?: Partial<ProbationPolicy>;
}
/** May this change be made? */
export const prepare = (kind: ChangeKind, key: string | null, asked: Asked = {}) => {
  const { supported = true, missingAssets = [], invalid = null, probation } = asked;
  const facts = { supported, missingAssets, invalid };
  return { type: 'route.prepare', operationId: 7, kind, key, facts, policy: policyWith(probation) } as const;
};
export const commit = { type: 'route.commit', operationId: 7 } as const;
export const abort = { type: 'route.abort', operationId: 7 } as const;
export const confirm = { type: 'route.confirm', operationId: 8 } as const;
export const changed = (key: string, able: boolean, resting: boolean, why: Fault | null = null) =>
  ({ type: 'release.changed', key, able, resting, fault: why }) as const;
export const lost = (key: string) => ({ type: 'release.lost', key, fault: FAILURE }) as const;
export const observed = (failure: Fault | null = null, key = NEXT) =>
  ({ type: 'call.observed', key, failure }) as const;
export const opened = (key: string) => ({ type: 'flow.opened', flowId: 1, key }) as const;
export const closed = (key: string) => ({ type: 'flow.closed', flowId: 1, key, reason: 'finished' }) as const;
export const FAILURE = fault('process_lost', 'It ended with code 1.');

/** Switched from KEY to NEXT; flows on KEY may still run. */
export const switched = (probation: Partial<ProbationPolicy> = {}, flows = 0): Rig => {
  const rig = aRoute(KEY);
  for (let flow = 0; flow < flows; flow++) rig.send(opened(KEY));
  return rig.send(prepare('switch', NEXT, { probation })).send(commit);
};

export const context = (rig: Rig): RouteContext => rig.context<RouteContext>();
export const answer = (rig: Rig) => rig.reports.filter(({ type }) => type === 'route.prepared').at(-1);
export const told = (rig: Rig) => rig.reports.filter(({ type }) => type === 'route.reported').at(-1);
export const wishes = (rig: Rig) => rig.reports.filter(({ type }) => type === 'rollback.wanted');
