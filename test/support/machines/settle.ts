import type { Timer } from '../../../src/testing/model/index.js';
import { stateOf } from '../../../src/stepping/index.js';
import { nextTimers } from './stimuli.js';
import type { Stimulus } from './stimuli.js';
import type { SimulatedSystem } from './simulated-system.js';

/**
 * How the world goes on once nobody interferes any more: effects answer well, timers fire, and processes either do what
 * is hoped of them or never say another word (but die of SIGKILL).
 */
export type Manner = 'well' | 'silent';

/** More steps than any history needs to come to rest. */
const STEPS_MAX = 2_000;

/**
 * A release that rests, or serves with nothing in flight; a route that nothing is being done to, or that waits for its
 * release to serve as many calls as it has to (invariant 13).
 */
const AT_REST = /^(Running|Validated\.Waiting|Deployed\.Idle|Stopped\.Idle|Invalid\.Waiting)$/;
const ROUTE_AT_REST = /^(Unbound|Serving|Probation\.Extended)$/;
/** Where nobody answers, the way back is tried again and again, and so is the start of a release after its cool-down. */
const AT_REST_IN_SILENCE = /^(Stopped\.Cooling|Probation\.Failed)$/;
const TRIED_FOR_EVER = /rollbackRetry|cooldown/;

/** @throws when the world never comes to rest */
export function settle(
  system: SimulatedSystem,
  manner: Manner,
  after: (system: SimulatedSystem) => void = () => {},
): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = nextOf(system, manner);
    if (next === undefined) return;
    system.apply(next);
    after(system);
  }
  throw new Error(`no rest after ${STEPS_MAX} steps: ${standings(system).join(', ')}`);
}

/** Names the actors that neither rest nor serve. */
export function restless(system: SimulatedSystem, manner: Manner): readonly string[] {
  const { packages, routes, changeovers } = system.view;
  const rests = (state: string, resting: RegExp): boolean =>
    resting.test(state) || (manner === 'silent' && AT_REST_IN_SILENCE.test(state));
  return [
    ...[...packages].flatMap(([key, { state }]) => (rests(state, AT_REST) ? [] : [`${key} is ${state}`])),
    ...[...routes].flatMap(([pid, { state }]) => (rests(state, ROUTE_AT_REST) ? [] : [`${pid} is ${state}`])),
    ...[...changeovers].map(([name, { state }]) => `changeover/${name} is ${state}`),
  ];
}

const standings = ({ composition }: SimulatedSystem): readonly string[] =>
  composition.machines().map((node) => `${node.path} is ${stateOf(node.snapshot)}`);

function nextOf(system: SimulatedSystem, manner: Manner): Stimulus | undefined {
  const talks = (s: Stimulus) => manner === 'well' || s.by !== 'os' || s.event.type === 'os.exited';
  return system.work().find(talks) ?? nextDeadline(system, manner);
}

function nextDeadline({ composition }: SimulatedSystem, manner: Manner): Stimulus | undefined {
  const timers =
    manner === 'well' ? composition.timers : composition.timers.filter(({ id }) => !TRIED_FOR_EVER.test(id));
  const [timer] = timers.some(leadsOn) ? nextTimers({ timers }) : [];
  return timer === undefined ? undefined : { kind: 'time', by: 'timer', timer };
}

/** A heartbeat that is answered ticks for ever; it is no business left undone. */
const leadsOn = ({ to }: Timer): boolean => stateOf(to.snapshot) !== 'Resting';
