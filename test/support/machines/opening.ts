import fc from 'fast-check';
import { settle } from './settle.js';
import type { Stimulus } from './stimuli.js';
import type { SimulatedSystem } from './simulated-system.js';

/**
 * How far a history is when its choices begin: nothing has happened yet · what is to run runs · it has a call in
 * flight · PIDs have been switched, with flows on the old release · and that was long ago · and the new one was told to stop · the Runner was
 * told to close before it had read its store. The rare is found where much is under way at once.
 */
export type Opening = 'cold' | 'warm' | 'busy' | 'switched' | 'proving' | 'draining' | 'closing';

export const anyOpening: fc.Arbitrary<Opening> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('cold') },
  { weight: 28, arbitrary: fc.constantFrom('warm', 'busy', 'busy', 'switched', 'switched', 'proving', 'draining') },
  { weight: 1, arbitrary: fc.constant('closing') },
);

type After = (system: SimulatedSystem) => void;

export function begin(system: SimulatedSystem, opening: Opening, after: After): void {
  if (opening === 'cold') return;
  if (opening === 'closing') return everyone(system, after, ({ kind }) => kind === 'closes');
  work(system, after);
  if (opening === 'warm') return;
  if (opening === 'switched' || opening === 'proving') {
    everyone(system, after, ({ event }) => event.type === 'flow.opened');
    everyone(system, after, ({ kind, event }) => kind === 'changes' && event['kind'] === 'switch');
    work(system, after);
    return opening === 'proving' ? settle(system, 'well', after) : undefined;
  }
  everyone(system, after, ({ kind, event }) => kind === 'calls' && event.type === 'call.requested');
  if (opening === 'busy') return;
  everyone(system, after, ({ kind, event }) => kind === 'commands' && event['force'] === true);
}

/** More steps than any opening needs. */
const STEPS_MAX = 500;

/** Effects and processes do what is hoped of them until they have nothing to do; no time passes. */
function work(system: SimulatedSystem, after: After): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    const [next] = system.work();
    if (next === undefined) return;
    system.apply(next);
    after(system);
  }
  throw new Error(`work that never ends: ${system.history.slice(-10).join('; ')}`);
}

type ByUser = Extract<Stimulus, { by: 'user' }>;

/** Does what is possible now and fits, once for every actor, release and PID it is meant for. */
function everyone(system: SimulatedSystem, after: After, fits: (stimulus: ByUser) => boolean): void {
  const meant = ({ to, event }: ByUser) => `${to.path} ${event.type} ${String(event['pids'] ?? event['key'])}`;
  const next = (done: ReadonlySet<string>) =>
    system
      .possible()
      .filter((stimulus) => stimulus.by === 'user')
      .find((stimulus) => fits(stimulus) && !done.has(meant(stimulus)));
  const done = new Set<string>();
  for (let stimulus = next(done); stimulus !== undefined; stimulus = next(done)) {
    done.add(meant(stimulus));
    system.apply(stimulus);
    after(system);
  }
}
