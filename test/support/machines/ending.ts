import { restless, settle } from './settle.js';
import { stateOf } from '../../../src/stepping/index.js';
import type { SimulatedSystem } from './simulated-system.js';

/**
 * What comes after a history: nothing; nobody interferes any more and everything comes to rest, well or in silence; the
 * Runner is closed, with or without hurry.
 */
export const ENDINGS = ['open', 'well', 'silent', 'closed', 'hurried'] as const;
export type Ending = (typeof ENDINGS)[number];

type After = (system: SimulatedSystem) => void;

/** @returns what should have come to its end and has not */
export function end(system: SimulatedSystem, ending: Ending, after: After): readonly string[] {
  switch (ending) {
    case 'open':
      return [];
    case 'well':
    case 'silent':
      settle(system, ending, after);
      return restless(system, ending);
    case 'closed':
      tell(system, 'runner.close', after);
      settle(system, 'well', after);
      return notClosed(system);
    case 'hurried':
      tell(system, 'runner.close', after);
      tell(system, 'runner.hurry', after);
      settle(system, 'well', after);
      return notClosed(system);
  }
}

function tell(system: SimulatedSystem, type: string, after: After): void {
  const told = system.possible().find((stimulus) => stimulus.by === 'user' && stimulus.event.type === type);
  if (told === undefined) return;
  system.apply(told);
  after(system);
}

function notClosed({ composition }: SimulatedSystem): readonly string[] {
  const state = stateOf(composition.root.snapshot);
  return /^(Closed|Failed)$/.test(state) ? [] : [`the Runner is ${state}`];
}
