import { restless, settle } from './settle.js';
import { stateOf } from '../../../src/stepping/index.js';
import type { World } from './world.js';

/**
 * What comes after a history: nothing; nobody interferes any more and everything comes to rest, well or in silence; the
 * Runner is closed, with or without hurry.
 */
export const ENDINGS = ['open', 'well', 'silent', 'closed', 'hurried'] as const;
export type Ending = (typeof ENDINGS)[number];

type After = (world: World) => void;

/** @returns what should have come to its end and has not */
export function end(world: World, ending: Ending, after: After): readonly string[] {
  switch (ending) {
    case 'open':
      return [];
    case 'well':
    case 'silent':
      settle(world, ending, after);
      return restless(world, ending);
    case 'closed':
      tell(world, 'runner.close', after);
      settle(world, 'well', after);
      return notClosed(world);
    case 'hurried':
      tell(world, 'runner.close', after);
      tell(world, 'runner.hurry', after);
      settle(world, 'well', after);
      return notClosed(world);
  }
}

function tell(world: World, type: string, after: After): void {
  const told = world.possible().find((stimulus) => stimulus.by === 'user' && stimulus.event.type === type);
  if (told === undefined) return;
  world.apply(told);
  after(world);
}

function notClosed({ composition }: World): readonly string[] {
  const state = stateOf(composition.root.snapshot);
  return /^(Closed|Failed)$/.test(state) ? [] : [`the Runner is ${state}`];
}
