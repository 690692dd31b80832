import type { RestartPolicy, StoreFacts } from '../../../../machines/index.js';
import { MEMORY_LIMITS } from '../../model/index.js';
import type { UserAction, Look, Scenario } from '../scenario.js';
import { A, B, crashing, failing, inputOf, ONE, outputsOf, stored, TWO, unruly } from './fixtures.js';
import { calls, cancels, closing, commands, expiries, lateCancels, spending, strayCalls } from './user-actions.js';

const routeTo = (key: string | null) =>
  [A, B].map((pid) => ({ pid, key, previous: null, probation: null, fault: null }));
const EMPTY: StoreFacts = { releases: [], routes: [] };
const RUNNING: StoreFacts = { releases: [stored(ONE, 'Deployed', 'running')], routes: routeTo(ONE) };

/** What becomes of a zip, whoever says what to it meanwhile. */
export const deploying = (faults: number): Scenario => ({
  name: 'deploying',
  about: 'A zip is found, deployed, started, stopped, removed, in any order, and every effect may fail.',
  input: inputOf({ restarts: { immediateRestarts: 1, breakerLosses: 2 } }),
  store: EMPTY,
  budget: { commands: 3, calls: 1, closes: 1, hurries: 2, faults },
  isWarm: false,
  outputs: outputsOf(EMPTY),
  mayFail: () => true,
  processes: crashing,
  userActions: (look: Look) => [
    ...commands(look, ONE),
    ...strayCalls(look, ONE, [A]).filter(() => isThere(look)),
    ...closing(),
  ],
});

const isThere = ({ state }: Look): boolean => state(`package/${ONE}`) !== undefined;

/** One process: its handshake, its calls, its heartbeat, its memory, its end. */
export const oneProcess = (faults: number): Scenario => ({
  name: 'one process',
  about: 'One process does everything a process can do, in and out of calls, while it is started and stopped.',
  input: inputOf({
    memory: MEMORY_LIMITS,
    replaceAfterFailures: 2,
    retries: 1,
    restarts: { immediateRestarts: 1, breakerLosses: 3 },
  }),
  store: RUNNING,
  budget: { calls: 2, stops: 1, closes: 1, hurries: 2, faults },
  isWarm: false,
  outputs: outputsOf(RUNNING),
  mayFail: () => false,
  processes: unruly,
  userActions: (look: Look) => [
    ...calls(look, [A]),
    ...byForce(look).map((userAction) => spending('stops', userAction)),
    ...closing(),
  ],
});

const byForce = (look: Look): readonly UserAction[] =>
  commands(look, ONE).filter(({ events }) => events.some(({ event }) => event['force'] === true));

/** Two processes and more calls than they can take: retries, sessions that live in one of them, cancellations. */
export const serving = (
  faults: number,
  restarts: Pick<RestartPolicy, 'immediateRestarts' | 'breakerLosses'>,
): Scenario => ({
  name: `serving, ${restarts.immediateRestarts} restarts, breaker at ${restarts.breakerLosses}`,
  about: 'Calls of two PIDs share two processes and a queue of one; they are retried, cancelled, too late.',
  input: inputOf({ instances: 2, queueLimit: 1, retries: 1, restarts }),
  store: RUNNING,
  budget: { calls: 3, cancels: 1, stops: 1, faults },
  isWarm: true,
  outputs: outputsOf(RUNNING),
  mayFail: () => false,
  processes: (facts) => [...crashing(facts), ...failing(facts)],
  userActions: (look: Look) => [
    ...calls(look, [A, B]),
    ...calls(look, [A], { home: 0 }),
    ...cancels(look),
    ...expiries(look),
    ...byForce(look).map((userAction) => spending('stops', userAction)),
  ],
});

/** Calls that come before the release is ready, or while it is replaced: they wait, are given up, find no room. */
export const waiting = (faults: number, state: 'Deployed' | 'Stopped'): Scenario => {
  const store: StoreFacts = { releases: [stored(ONE, state, 'running')], routes: routeTo(ONE) };
  return {
    name: `waiting, from ${state}`,
    about: 'Calls wait for a process that is started, or started again; some are given up, some find no room.',
    input: inputOf({ queueLimit: 1, retries: 1, restarts: { immediateRestarts: 1, breakerLosses: 2 } }),
    store,
    budget: { calls: 3, cancels: 1, stops: 1, faults },
    isWarm: false,
    outputs: outputsOf(store),
    mayFail: (src) => src === 'recordRest',
    processes: (facts) => [...crashing(facts), ...failing(facts)],
    userActions: (look: Look) => [
      ...calls(look, [A]),
      ...calls(look, [A], { home: 0 }),
      ...cancels(look),
      ...expiries(look),
      ...lateCancels(ONE),
      ...byForce(look).map((userAction) => spending('stops', userAction)),
    ],
  };
};

const LEFT: StoreFacts = {
  releases: [stored(ONE, 'Validated', 'running'), stored(TWO, 'Invalid', 'stopped')],
  routes: [],
};

/** Releases that were never deployed, or cannot be. */
export const undeployed = (faults: number): Scenario => ({
  name: 'undeployed',
  about: 'A release that is only validated and one that is invalid are checked again, deployed, removed.',
  input: inputOf({ restarts: { immediateRestarts: 0, breakerLosses: 1 } }),
  store: LEFT,
  budget: { commands: 3, closes: 1, hurries: 1, faults },
  isWarm: false,
  outputs: outputsOf(LEFT),
  mayFail: () => true,
  processes: crashing,
  userActions: (look: Look) => [...commands(look, ONE), ...commands(look, TWO), ...closing()],
});

const FREE: StoreFacts = { ...RUNNING, routes: [] };

/** Two processes that are to leave while calls run, wait, live in one of them, and fail. */
export const draining = (faults: number): Scenario => ({
  name: 'draining',
  about: 'A release with two processes is stopped, or given up, while calls run, wait and fail in it.',
  input: inputOf({ instances: 2, queueLimit: 1, retries: 1, restarts: { immediateRestarts: 0, breakerLosses: 1 } }),
  store: FREE,
  budget: { calls: 3, stops: 1, faults },
  isWarm: true,
  outputs: outputsOf(FREE),
  mayFail: () => false,
  processes: (facts) => [...crashing(facts), ...failing(facts)],
  userActions: (look: Look) =>
    /^(Running|Executing)/.test(look.state(`package/${ONE}`) ?? '')
      ? [
          ...strayCalls(look, ONE, [A]),
          ...strayCalls(look, ONE, [A], { home: 0 }),
          ...strayCalls(look, ONE, [A], { retries: 0 }),
          ...byForce(look).map((userAction) => spending('stops', userAction)),
        ]
      : [],
});

/** Three processes, of which one is started again and another is lost with its call. */
export const losing = (faults: number): Scenario => ({
  ...draining(faults),
  name: 'losing',
  about: 'A release with three processes loses them one after the other, and is stopped meanwhile.',
  input: inputOf({ instances: 3, queueLimit: 1, retries: 1, restarts: { immediateRestarts: 1, breakerLosses: 3 } }),
  budget: { calls: 1, stops: 1, faults },
});

/** Losses up to the breaker, its cool-down and the one start it allows. */
export const breaker = (faults: number): Scenario => ({
  name: 'breaker',
  about: 'A release is lost again and again: back-off, breaker, cool-down, half open.',
  input: inputOf({ restarts: { immediateRestarts: 1, breakerLosses: 3, cooldownMs: 1000 } }),
  store: FREE,
  budget: { calls: 1, commands: 1, faults },
  isWarm: true,
  outputs: outputsOf(FREE),
  mayFail: (src) => src === 'recordRest' || src === 'removeRelease',
  processes: crashing,
  userActions: (look: Look) => [...strayCalls(look, ONE, [A]).filter(() => isThere(look)), ...commands(look, ONE)],
});
