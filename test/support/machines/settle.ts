import { stateOf } from './stepper.js';
import { nextTimers } from './stimuli.js';
import type { Stimulus } from './stimuli.js';
import { packagesOf } from './users.js';
import type { World } from './world.js';

/**
 * How the world goes on once nobody interferes any more: effects answer well, timers fire, and processes either do what
 * is hoped of them or never say another word (but die of SIGKILL).
 */
export type Manner = 'well' | 'silent';

/** More steps than any history needs to come to rest. */
const STEPS_MAX = 2_000;

/** A release that rests, or serves with nothing in flight (invariant 13). */
const AT_REST = /^(Running|Validated\.Waiting|Deployed\.Idle|Stopped\.Idle|Invalid\.Waiting)$/;

/** @throws when the world never comes to rest */
export function settle(world: World, manner: Manner, after: (world: World) => void = () => {}): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = nextOf(world, manner);
    if (next === undefined) return;
    world.apply(next);
    after(world);
  }
  throw new Error(`no rest after ${STEPS_MAX} steps: ${standings(world)}`);
}

/** Names the releases that neither rest nor serve. */
export const restless = (world: World): readonly string[] =>
  packagesOf(world.composition).flatMap((node) => {
    const state = stateOf(node.snapshot);
    return AT_REST.test(state) ? [] : [`${node.path} is ${state}`];
  });

const standings = (world: World): string =>
  packagesOf(world.composition)
    .map((node) => `${node.path} is ${stateOf(node.snapshot)}`)
    .join(', ');

function nextOf(world: World, manner: Manner): Stimulus | undefined {
  const works = world.machinery().filter(({ kind }) => kind === 'works');
  const talks = (s: Stimulus) => manner === 'well' || s.by !== 'os' || s.event.type === 'os.exited';
  return works.find(talks) ?? nextDeadline(world, manner);
}

/** A heartbeat that is answered ticks for ever; it is no business left undone. */
function nextDeadline({ composition }: World, manner: Manner): Stimulus | undefined {
  const idle = manner === 'well';
  const timers = composition.timers.filter(({ to }) => !idle || stateOf(to.snapshot) !== 'Resting');
  const [timer] = nextTimers({ timers });
  return timer === undefined ? undefined : { kind: 'time', by: 'timer', timer };
}
