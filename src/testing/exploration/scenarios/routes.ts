import type { StoredRoute, StoreFacts } from '../../../../machines/index.js';
import { fault } from '../../../../machines/index.js';
import type { Look, Scenario } from '../scenario.js';
import { A, B, crashing, inputOf, ONE, outputsOf, stored, TWO } from './fixtures.js';
import {
  callingOff,
  calls,
  change,
  closing,
  commands,
  confirmations,
  mistakes,
  releaseOf,
  rollbacks,
  spending,
} from './user-actions.js';

const bound = (pid: string, key: string | null, more: Partial<StoredRoute> = {}): StoredRoute => ({
  ...{ pid, key, previous: null, probation: null, fault: null },
  ...more,
});
const other = (look: Look, pid: string): string => (releaseOf(look, pid) === TWO ? ONE : TWO);

const BOTH: StoreFacts = {
  releases: [stored(ONE, 'Deployed', 'running'), stored(TWO, 'Deployed', 'stopped')],
  routes: [bound(A, ONE)],
};

/** A probation with all that can end it. */
export const proving = (faults: number, fallback: boolean): Scenario => ({
  name: fallback ? 'proving, with fallback' : 'proving',
  about: 'A switch begins a probation; calls fail or not, people confirm, roll back, call off, unbind.',
  input: inputOf({
    fallback,
    probation: { durationMs: 1000, errorsMax: 0, callsMin: 1 },
    restarts: fallback ? { immediateRestarts: 0, breakerLosses: 1 } : { immediateRestarts: 1, breakerLosses: 2 },
  }),
  store: BOTH,
  budget: { calls: 2, changes: 2, confirmations: 1, rollbacks: 1, cancellations: 1, faults },
  isWarm: true,
  outputs: outputsOf(BOTH),
  mayFail: (src) => src === 'commitRoutes',
  processes: crashing,
  userActions: (look: Look) => [
    ...calls(look, [A]),
    change(look, 'changes', 'switch', other(look, A), [A]),
    change(look, 'changes', 'deactivate', null, [A]),
    change(look, 'changes', 'activate', ONE, [A]),
    change(look, 'changes', 'rollback', TWO, [A]),
    change(look, 'changes', 'rollback', null, [A]),
    ...confirmations(look, [A]),
    ...rollbacks(look, [A]),
    ...callingOff(look),
  ],
});

/** A probation that bears a failure and wants more calls than its time brings. */
export const lasting = (faults: number): Scenario => ({
  name: 'lasting',
  about: 'A probation goes on beyond its time until enough calls are served; a loss or a failure does not end it yet.',
  input: inputOf({
    probation: { durationMs: 1000, errorsMax: 1, callsMin: 1 },
    restarts: { immediateRestarts: 1, breakerLosses: 2 },
  }),
  store: BOTH,
  budget: { calls: 2, changes: 1, faults },
  isWarm: true,
  outputs: outputsOf(BOTH),
  mayFail: () => false,
  processes: crashing,
  userActions: (look: Look) => [...calls(look, [A]), change(look, 'changes', 'switch', other(look, A), [A])],
});

const WISHED: StoreFacts = {
  releases: [stored(ONE, 'Deployed', 'stopped'), stored(TWO, 'Deployed', 'running')],
  routes: [bound(A, ONE)],
};

/** A release whose wish to run is not written down yet is wanted for a change, called off, and stopped. */
export const wavering = (faults: number): Scenario => ({
  name: 'wavering',
  about: 'What is wanted of a release changes while it is being written down.',
  input: inputOf({ restarts: { immediateRestarts: 0, breakerLosses: 1 } }),
  store: WISHED,
  budget: { changes: 1, cancellations: 1, stops: 1, faults },
  isWarm: false,
  outputs: outputsOf(WISHED),
  mayFail: (src) => src === 'recordRest',
  processes: crashing,
  userActions: (look: Look) => [
    change(look, 'changes', 'switch', TWO, [A]),
    ...callingOff(look),
    ...commands(look, TWO)
      .filter(({ events }) => events.some(({ event }) => event['force'] === true))
      .map((userAction) => spending('stops', userAction)),
  ],
});

const TWO_PIDS: StoreFacts = { ...BOTH, routes: [bound(A, ONE), bound(B, null)] };

/** What makes no sense, in the middle of what does. */
export const blundering = (faults: number): Scenario => ({
  name: 'blundering',
  about: 'Changes nobody could carry out are asked for in the middle of others: they are refused and do no harm.',
  input: inputOf({ restarts: { immediateRestarts: 0, breakerLosses: 1 } }),
  store: TWO_PIDS,
  budget: { changes: 2, mistakes: 2, faults },
  isWarm: true,
  outputs: outputsOf(TWO_PIDS),
  mayFail: (src) => src === 'commitRoutes',
  processes: crashing,
  userActions: (look: Look) => [
    change(look, 'changes', 'switch', TWO, [A]),
    change(look, 'changes', 'activate', TWO, [A, B]),
    change(look, 'changes', 'activate', TWO, [B]),
    change(look, 'changes', 'deactivate', null, [B]),
    ...mistakes(look, TWO, [A, B]),
  ],
});

/** The end of the Runner, whatever is under way. */
export const ending = (faults: number): Scenario => ({
  name: 'ending',
  about: 'The Runner is told to close, and to hurry, while a switch, a call and a start are under way.',
  input: inputOf({ restarts: { immediateRestarts: 1, breakerLosses: 2 } }),
  store: BOTH,
  budget: { calls: 1, changes: 1, commands: 1, closes: 1, hurries: 2, faults },
  isWarm: false,
  outputs: outputsOf(BOTH),
  mayFail: () => true,
  processes: crashing,
  userActions: (look: Look) => [
    ...calls(look, [A]),
    change(look, 'changes', 'switch', other(look, A), [A]),
    ...commands(look, TWO),
    ...closing(),
  ],
});

const LEFT: StoreFacts = {
  releases: [stored(ONE, 'Stopped', 'running'), stored(TWO, 'Deployed', 'running')],
  routes: [
    bound(A, TWO, { previous: ONE, probation: { durationMs: 1000 } }),
    bound(B, null, { fault: fault('store_corrupt', 'The route file is not JSON.') }),
  ],
};

/** What another Runner left behind, in the middle of a probation, with a route file nobody understands. */
export const resuming = (faults: number): Scenario => ({
  name: 'resuming',
  about: 'A store is opened that was left in the middle of a probation; a route file cannot be read.',
  input: inputOf({ restarts: { immediateRestarts: 0, breakerLosses: 1 } }),
  store: LEFT,
  budget: { calls: 1, changes: 1, rollbacks: 1, confirmations: 1, faults },
  isWarm: false,
  outputs: outputsOf(LEFT),
  mayFail: () => true,
  processes: crashing,
  userActions: (look: Look) => [
    ...calls(look, [A, B]),
    change(look, 'changes', 'activate', ONE, [B]),
    change(look, 'changes', 'deactivate', null, [B]),
    ...rollbacks(look, [A]),
    ...confirmations(look, [A]),
  ],
});

const TURNS: StoreFacts = {
  releases: [
    { ...stored(TWO, 'Stopped', 'stopped'), reason: fault('process_lost', 'It was lost too often.') },
    stored(ONE, 'Stopped', 'running'),
  ],
  routes: [bound(A, TWO, { previous: ONE, probation: { durationMs: 1000 } }), bound(B, ONE)],
};

/** A store too large to be opened in one turn of the event loop, in small. */
export const turning = (faults: number): Scenario => ({
  name: 'turn by turn',
  about: 'Actors are placed and taken away one at a time; the Runner is told to close at any moment of it.',
  input: { ...inputOf({ restarts: { immediateRestarts: 0, breakerLosses: 1 } }), actorsPerTurn: 1 },
  store: TURNS,
  budget: { calls: 1, closes: 1, hurries: 2, faults },
  isWarm: false,
  outputs: outputsOf(TURNS),
  mayFail: () => true,
  processes: crashing,
  userActions: (look: Look) => [...calls(look, [A]), ...closing()],
});
