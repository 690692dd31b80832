import type { AnyEventObject } from 'xstate';
import type { ChangeKind, PackageContext, RouteContext, RunnerContext } from '../../../../machines/index.js';
import type { UserAction, Environment, Look } from '../scenario.js';

/**
 * What people and hosts do, as front ends let them.
 *
 * INVARIANTS
 * - The same action is the same object: an exploration meets it in many states and works it out once.
 */
const KNOWN_ACTIONS = new Map<string, UserAction>();

const userAction = (key: string, make: () => UserAction): UserAction => {
  const known = KNOWN_ACTIONS.get(key) ?? make();
  KNOWN_ACTIONS.set(key, known);
  return known;
};

const same = (environment: Environment): Environment => environment;
const FINE = { supported: true, missingAssets: [] };

/** Numbers are given out again once nobody goes by them: what matters is who has the same, not how many there were. */
const smallestFree = (taken: readonly number[]): number => {
  let number = 1;
  while (taken.includes(number)) number += 1;
  return number;
};

function freeCall({ environment, context }: Look): number {
  const { standings = {} } = context<RunnerContext>('runner') ?? {};
  const held = Object.keys(standings).flatMap((key) => {
    const { slots = [] } = context<PackageContext>(`package/${key}`) ?? {};
    return slots.flatMap(({ call }) => (call === null ? [] : [call.callId]));
  });
  return smallestFree([...Object.keys(environment.open).map(Number), ...held]);
}

function freeOperation({ context }: Look): number {
  const { changeovers = {} } = context<RunnerContext>('runner') ?? {};
  return smallestFree(Object.values(changeovers).map(({ operationId }) => operationId));
}

export const releaseOf = ({ context }: Look, pid: string): string | null =>
  context<RouteContext>(`route/${pid}`)?.release ?? null;

/** An inspection of one call: a flow is opened, and its call goes straight to the release the route names. */
export function calls(look: Look, pids: readonly string[], options: object = {}): readonly UserAction[] {
  return pids.flatMap((pid): readonly UserAction[] => {
    const key = releaseOf(look, pid);
    if (key === null) return [];
    const callId = freeCall(look);
    return [
      userAction(`call ${callId} ${pid} ${key} ${JSON.stringify(options)}`, () => ({
        spends: 'calls',
        events: [
          { to: `route/${pid}`, event: { type: 'flow.opened', flowId: callId, key } },
          { to: `package/${key}`, event: { type: 'call.requested', callId, pid, ...options } },
        ],
        environment: (now) => ({ ...now, open: { ...now.open, [callId]: { pid, key } } }),
      })),
    ];
  });
}

export const cancels = ({ environment }: Look): readonly UserAction[] =>
  Object.entries(environment.open).map(([callId, { key }]) =>
    userAction(`cancel ${callId} ${key}`, () => ({
      spends: 'cancels',
      events: [{ to: `package/${key}`, event: { type: 'call.cancelled', callId: Number(callId) } }],
      environment: same,
    })),
  );

export function change(
  look: Look,
  spends: string,
  kind: ChangeKind,
  key: string | null,
  pids: readonly string[],
  judged: object = FINE,
): UserAction {
  const operationId = freeOperation(look);
  return userAction(`${spends} ${operationId} ${kind} ${key} ${pids.join()} ${JSON.stringify(judged)}`, () => {
    const facts = Object.fromEntries(pids.map((pid) => [pid, judged]));
    const event = { type: 'changeover.asked', operationId, kind, key, pids, facts, probation: {} };
    return { spends, events: [{ to: 'runner', event }], environment: same };
  });
}

/** To what the route says it would return to. */
export function rollbacks(look: Look, pids: readonly string[]): readonly UserAction[] {
  return pids.flatMap((pid) => {
    const key = look.context<RouteContext>(`route/${pid}`)?.previous ?? null;
    return key === null ? [] : [change(look, 'rollbacks', 'rollback', key, [pid])];
  });
}

/** What a host says straight to one actor. */
const tell = (spends: string, to: string, event: AnyEventObject): UserAction =>
  userAction(`${spends} ${to} ${JSON.stringify(event)}`, () => ({
    spends,
    events: [{ to, event }],
    environment: same,
  }));

/** The caller's total deadline has passed. */
export const expiries = ({ environment }: Look): readonly UserAction[] =>
  Object.entries(environment.open).map(([callId, { key }]) =>
    tell('cancels', `package/${key}`, { type: 'call.expired', callId: Number(callId) }),
  );

/** Of calls nobody knows any more. */
export const lateCancels = (key: string): readonly UserAction[] =>
  ['call.cancelled', 'call.expired'].map((type) => tell('cancels', `package/${key}`, { type, callId: 99 }));

/** The same action, charged to another budget. */
const PURSES = new WeakMap<UserAction, UserAction>();
export function spending(spends: string, one: UserAction): UserAction {
  const known = PURSES.get(one) ?? { ...one, spends };
  PURSES.set(one, known);
  return known;
}

/** What a careless person or host asks of routes. */
export const mistakes = (look: Look, key: string, pids: readonly string[]): readonly UserAction[] => {
  const [first = ''] = pids;
  const lacking = { supported: true, missingAssets: ['model.bin'] };
  const unsupported = { supported: false, missingAssets: [] };
  return [
    change(look, 'mistakes', 'activate', key, [first, first, ...pids]),
    change(look, 'mistakes', 'switch', key, ['C03']),
    change(look, 'mistakes', 'rollback', null, [first]),
    change(look, 'mistakes', 'switch', key, [first], lacking),
    change(look, 'mistakes', 'activate', key, [first], unsupported),
    tell('mistakes', 'runner', { type: 'changeover.measured', operationId: 6, outcome: 'committed' }),
    tell('mistakes', 'runner', { type: 'changeover.cancel', operationId: 7 }),
  ];
};

/** Calls straight to a release, as flows make them whose PID has moved on meanwhile. */
export function strayCalls(
  look: Look,
  key: string,
  pids: readonly string[],
  options: object = {},
): readonly UserAction[] {
  const callId = freeCall(look);
  return pids.map((pid) =>
    userAction(`stray ${callId} ${pid} ${key} ${JSON.stringify(options)}`, () => ({
      spends: 'calls',
      events: [{ to: `package/${key}`, event: { type: 'call.requested', callId, pid, ...options } }],
      environment: (now) => ({ ...now, open: { ...now.open, [callId]: { pid, key } } }),
    })),
  );
}

/** What is said to a release as it stands: sensible or not, the machines bear it. */
export function commands({ state }: Look, key: string): readonly UserAction[] {
  const to = `package/${key}`;
  const own = [
    tell('commands', to, { type: 'package.deploy', operationId: 9, target: 'Running' }),
    tell('commands', to, { type: 'package.start', operationId: 9 }),
    tell('commands', to, { type: 'package.recheck', operationId: 9, target: 'Running' }),
  ];
  return [
    ...(state(to) === undefined ? [] : own),
    tell('commands', 'runner', { type: 'package.found', key, target: 'Deployed' }),
    tell('commands', 'runner', { type: 'package.found', key, target: 'Running' }),
    tell('commands', 'runner', { type: 'release.stop', operationId: 9, key, force: false }),
    tell('commands', 'runner', { type: 'release.stop', operationId: 9, key, force: true }),
    tell('commands', 'runner', { type: 'release.uninstall', operationId: 9, key }),
  ];
}

export const closing = (): readonly UserAction[] => [
  tell('closes', 'runner', { type: 'runner.close' }),
  tell('hurries', 'runner', { type: 'runner.hurry' }),
  tell('hurries', 'runner', { type: 'flows.finished' }),
];

export const confirmations = ({ state }: Look, pids: readonly string[]): readonly UserAction[] =>
  pids.flatMap((pid) =>
    state(`route/${pid}`) === undefined
      ? []
      : [tell('confirmations', `route/${pid}`, { type: 'route.confirm', operationId: 8 })],
  );

/** Of every change under way, and of one that is not. */
export function callingOff({ context }: Look): readonly UserAction[] {
  const { changeovers = {} } = context<RunnerContext>('runner') ?? {};
  const open = Object.values(changeovers).map(({ operationId }) => operationId);
  return [...open.filter((id) => id !== 0), 7].map((operationId) =>
    tell('cancellations', 'runner', { type: 'changeover.cancel', operationId }),
  );
}
