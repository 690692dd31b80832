import type { Scenario } from '../scenario.js';
import { breaker, deploying, draining, losing, oneProcess, serving, undeployed, waiting } from './one-release.js';
import { blundering, ending, lasting, proving, resuming, turning, wavering } from './routes.js';
import { pairs, switches } from './switches.js';

/** Every scenario with so many faults to come; a deep exploration takes two. */
export const scenariosWith = (faults: 1 | 2): readonly Scenario[] => {
  const cross = { calls: 3, switches: 3, rollbacks: 1, faults };
  const crossTogether = { calls: 1, switches: 2, rollbacks: 1, faults };
  return [
    deploying(faults + 1),
    undeployed(faults + 1),
    oneProcess(faults + 1),
    breaker(faults + 3),
    waiting(faults, 'Deployed'),
    waiting(faults, 'Stopped'),
    serving(faults, { immediateRestarts: 0, breakerLosses: 1 }),
    serving(faults, { immediateRestarts: 0, breakerLosses: 2 }),
    serving(faults, { immediateRestarts: 1, breakerLosses: 2 }),
    draining(faults + 1),
    losing(faults + 1),
    blundering(faults),
    proving(faults, false),
    proving(faults + 1, true),
    lasting(faults + 1),
    wavering(faults),
    ending(faults),
    resuming(faults),
    turning(faults),
    pairs(0, crossTogether),
    pairs(1, crossTogether),
    switches(0, cross),
    switches(1, cross),
  ];
};
