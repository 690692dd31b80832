import type { StoreFacts } from '../../../../machines/index.js';
import type { Budget, Look, Scenario } from '../scenario.js';
import { A, B, crashing, inputOf, ONE, outputsOf, stored, TWO } from './fixtures.js';
import { calls, change, releaseOf, rollbacks } from './user-actions.js';

const STORE: StoreFacts = {
  releases: [stored(ONE, 'Deployed', 'running'), stored(TWO, 'Deployed', 'stopped')],
  routes: [A, B].map((pid) => ({ pid, key: ONE, previous: null, probation: null, fault: null })),
};

/** Two releases, two PIDs: calls, switches and a rollback cross each other and whatever goes wrong. */
export const switches = (restarts: number, budget: Budget): Scenario => ({
  name: `switches, ${restarts} restarts, ${budget['faults'] ?? 0} faults`,
  about: 'Calls, switches and a rollback cross each other, crashes, late timers and failing commits.',
  input: inputOf({ restarts: { immediateRestarts: restarts, breakerLosses: restarts + 1 } }),
  store: STORE,
  budget,
  isWarm: true,
  outputs: outputsOf(STORE),
  mayFail: (src) => src === 'commitRoutes' || src === 'recordRest',
  processes: crashing,
  userActions: (look: Look) => [
    ...calls(look, [A, B]),
    ...[A, B].map((pid) => change(look, 'switches', 'switch', otherThan(releaseOf(look, pid)), [pid])),
    ...rollbacks(look, [A, B]),
  ],
});

/** The same with changes of both PIDs at once, and to the release they have already. */
export const pairs = (restarts: number, budget: Budget): Scenario => ({
  ...switches(restarts, budget),
  name: `pairs, ${restarts} restarts, ${budget['faults'] ?? 0} faults`,
  about: 'PIDs change together or alone, to another release or to the one they have.',
  userActions: (look: Look) => [
    ...calls(look, [A, B]),
    ...[ONE, TWO].flatMap((key) => [[A], [B], [A, B]].map((pids) => change(look, 'switches', 'switch', key, pids))),
    ...rollbacks(look, [A, B]),
  ],
});

const otherThan = (key: string | null): string => (key === TWO ? ONE : TWO);
