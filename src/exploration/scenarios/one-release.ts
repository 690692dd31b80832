import type { StoreFacts } from '../../../machines/index.js';
import { MEMORY_LIMITS } from '../../model/index.js';
import type { Look, Scenario } from '../scenario.js';
import { A, B, crashing, inputOf, ONE, outputsOf, stored, unruly } from './cast.js';
import { calls, cancels, commands, expiries, strayCalls } from './deeds.js';

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
  budget: { commands: 4, calls: 1, hurries: 1, faults },
  isWarm: false,
  outputs: outputsOf(EMPTY),
  mayFail: () => true,
  processes: crashing,
  deeds: (look: Look) => [...commands(look, ONE), ...strayCalls(look, ONE, [A]).filter(() => isThere(look))],
});

const isThere = ({ state }: Look): boolean => state(`package/${ONE}`) !== undefined;

/** One process: its handshake, its calls, its heartbeat, its memory, its end. */
export const oneProcess = (faults: number): Scenario => ({
  name: 'one process',
  about: 'One process does everything a process can do, in and out of calls, while it is started and stopped.',
  input: inputOf({ memory: MEMORY_LIMITS, retries: 1, restarts: { immediateRestarts: 1, breakerLosses: 3 } }),
  store: RUNNING,
  budget: { calls: 2, stops: 1, faults },
  isWarm: false,
  outputs: outputsOf(RUNNING),
  mayFail: () => false,
  processes: unruly,
  deeds: (look: Look) => [
    ...calls(look, [A]),
    ...commands(look, ONE)
      .filter(({ events }) => events.some(({ event }) => event['force'] === true))
      .map((deed) => ({ ...deed, spends: 'stops' })),
  ],
});

/** Two processes and more calls than they can take: retries, sessions that live in one of them, cancellations. */
export const serving = (faults: number): Scenario => ({
  name: 'serving',
  about: 'Calls of two PIDs share two processes and a queue of one; they are retried, cancelled, too late.',
  input: inputOf({ instances: 2, queueLimit: 1, retries: 1, restarts: { immediateRestarts: 1, breakerLosses: 2 } }),
  store: RUNNING,
  budget: { calls: 4, cancels: 1, commands: 1, faults },
  isWarm: true,
  outputs: outputsOf(RUNNING),
  mayFail: () => false,
  processes: (facts) => [
    ...crashing(facts),
    ...(facts.alive && facts.callId !== null
      ? [
          {
            events: [{ type: 'call.answered', callId: facts.callId, outcome: 'error', recoverable: true }],
            isFault: true,
          } as const,
          {
            events: [{ type: 'call.answered', callId: facts.callId, outcome: 'error', fatal: true }],
            isFault: true,
          } as const,
        ]
      : []),
  ],
  deeds: (look: Look) => [
    ...calls(look, [A, B]),
    ...calls(look, [A], { home: 0 }),
    ...cancels(look),
    ...expiries(look),
    ...commands(look, ONE).filter(({ events }) => events.some(({ event }) => event['force'] === true)),
  ],
});

/** Losses up to the breaker, its cool-down and the one start it allows. */
export const breaker = (faults: number): Scenario => ({
  name: 'breaker',
  about: 'A release is lost again and again: back-off, breaker, cool-down, half open.',
  input: inputOf({ restarts: { immediateRestarts: 1, breakerLosses: 3, cooldownMs: 1000 } }),
  store: RUNNING,
  budget: { calls: 1, commands: 1, faults },
  isWarm: true,
  outputs: outputsOf(RUNNING),
  mayFail: (src) => src === 'recordRest',
  processes: crashing,
  deeds: (look: Look) => [...calls(look, [A]), ...commands(look, ONE)],
});
