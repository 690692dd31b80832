import fc from 'fast-check';
import { settle } from './settle.js';
import type { Stimulus } from './stimuli.js';
import type { World } from './world.js';

/**
 * How far a history is when its choices begin: nothing has happened yet · what is to run runs · it has a call in
 * flight · and was told to stop · the Runner was told to close before it had read its store. The rare is found where
 * much is under way at once.
 */
export type Opening = 'cold' | 'warm' | 'busy' | 'draining' | 'closing';

export const anyOpening: fc.Arbitrary<Opening> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('cold') },
  { weight: 24, arbitrary: fc.constantFrom('warm', 'busy', 'draining') },
  { weight: 1, arbitrary: fc.constant('closing') },
);

type After = (world: World) => void;

export function begin(world: World, opening: Opening, after: After): void {
  if (opening === 'cold') return;
  if (opening === 'closing') return everyone(world, after, ({ kind }) => kind === 'closes');
  settle(world, 'well', after);
  if (opening === 'warm') return;
  everyone(world, after, ({ kind, event }) => kind === 'calls' && event.type === 'call.requested');
  if (opening === 'busy') return;
  everyone(world, after, ({ kind, event }) => kind === 'commands' && event['force'] === true);
}

type ByUser = Extract<Stimulus, { by: 'user' }>;

/** Does what is possible now and fits, once for every actor and release it is meant for. */
function everyone(world: World, after: After, fits: (stimulus: ByUser) => boolean): void {
  const meant = ({ to, event }: ByUser) => `${to.path} ${String(event['key'])}`;
  const next = (done: ReadonlySet<string>) =>
    world
      .possible()
      .filter((stimulus) => stimulus.by === 'user')
      .find((stimulus) => fits(stimulus) && !done.has(meant(stimulus)));
  const done = new Set<string>();
  for (let stimulus = next(done); stimulus !== undefined; stimulus = next(done)) {
    done.add(meant(stimulus));
    world.apply(stimulus);
    after(world);
  }
}
