import fc from 'fast-check';
import { LIFECYCLE_STATES } from '../../../machines/index.js';
import type { RestingState, Wanted } from '../../../machines/index.js';
import { anyOpening, begin } from './opening.js';
import type { Opening } from './opening.js';
import { FACTS, storedAs } from './samples.js';
import type { PolicyOf } from './samples.js';
import { KINDS } from './stimuli.js';
import type { Kind, Stimulus } from './stimuli.js';
import { KEYS, PIDS } from './users.js';
import type { Setting, World } from './world.js';

const CHOICE_MAX = 2 ** 24;

/** How likely each kind of event is, relative to the others that are possible. */
type Temper = Readonly<Record<Kind, number>>;

const TEMPERS: readonly Temper[] = [
  { works: 24, breaks: 0, time: 1, calls: 12, commands: 2, mistakes: 1, flows: 0, closes: 0 },
  { works: 24, breaks: 2, time: 2, calls: 12, commands: 2, mistakes: 1, flows: 1, closes: 0 },
  { works: 20, breaks: 2, time: 8, calls: 8, commands: 3, mistakes: 1, flows: 0, closes: 0 },
  { works: 20, breaks: 1, time: 4, calls: 8, commands: 8, mistakes: 4, flows: 1, closes: 0.3 },
  { works: 20, breaks: 6, time: 3, calls: 12, commands: 4, mistakes: 1, flows: 0, closes: 0 },
  { works: 10, breaks: 5, time: 0.5, calls: 14, commands: 8, mistakes: 0, flows: 0, closes: 0 },
  { works: 6, breaks: 5, time: 0.3, calls: 10, commands: 5, mistakes: 0, flows: 0, closes: 0 },
];

export interface History extends Setting {
  readonly opening: Opening;
  readonly temper: Temper;
  /** What is picked at each step; null passes a step over, so that a failing history shrinks to the steps that matter. */
  readonly choices: readonly (number | null)[];
}

const RESTING = LIFECYCLE_STATES.filter((state): state is RestingState => state !== 'Running' && state !== 'Executing');

/** Small limits and short deadlines, so that histories meet them. */
const anyPolicy: fc.Arbitrary<PolicyOf> = fc.record({
  instances: fc.constantFrom(1, 2, 2),
  queueLimit: fc.constantFrom(1, 2),
  timings: fc.record({
    helloMs: fc.constantFrom(10, 40),
    confirmMs: fc.constantFrom(10, 30),
    pingIntervalMs: fc.constantFrom(10, 50),
    pongGraceMs: fc.constant(4),
    executeMs: fc.constantFrom(8, 60, 60),
    drainMs: fc.constantFrom(6, 60, 60),
    shutdownMs: fc.constantFrom(3, 20),
    terminateMs: fc.constant(3),
    reapMs: fc.constant(3),
  }),
  restart: fc.record({
    immediateRestarts: fc.constantFrom(0, 1, 2),
    breakerLosses: fc.constantFrom(1, 2, 4),
    windowMs: fc.constantFrom(20, 1_000),
    backoffMs: fc.constant(5),
    jitterShare: fc.constant(0.5),
  }),
});

const anyRelease = fc.record({
  state: fc.constantFrom<(RestingState | null)[]>(null, ...RESTING),
  wanted: fc.constantFrom<Wanted[]>('running', 'stopped'),
  routed: fc.boolean(),
});

/** Most histories begin with a release that is to run, or they would spend themselves on the way there. */
const anyFirstRelease = fc.oneof(
  { weight: 1, arbitrary: anyRelease },
  {
    weight: 3,
    arbitrary: fc.record({
      state: fc.constantFrom<RestingState[]>('Deployed', 'Stopped'),
      wanted: fc.constant<Wanted>('running'),
      routed: fc.boolean(),
    }),
  },
);

const anyStore = fc.tuple(anyFirstRelease, anyRelease, anyRelease).map((releases) => {
  const known = releases.flatMap(({ state, wanted, routed }, i) =>
    state === null ? [] : [{ stored: storedAs(state, { key: KEYS[i] ?? '', wanted }), routed }],
  );
  const routed = known.filter((release) => release.routed && release.stored.facts === FACTS);
  return {
    releases: known.map(({ stored }) => stored),
    routes: routed.slice(0, PIDS.length).map(({ stored }, i) => ({ pid: PIDS[i] ?? '', key: stored.key, fault: null })),
  };
});

export const anyHistory = (length: { minLength?: number; maxLength: number }): fc.Arbitrary<History> =>
  fc.record({
    policy: anyPolicy,
    store: anyStore,
    storeReadable: fc.constantFrom(...Array<boolean>(15).fill(true), false),
    opening: anyOpening,
    temper: fc.constantFrom(...TEMPERS),
    choices: fc.array(fc.option(fc.nat(CHOICE_MAX - 1), { freq: 200 }), { ...length, size: 'max' }),
  });

/** Takes one step; the choice picks a kind by its weight, then one of the kind. */
export function choose(possible: readonly Stimulus[], temper: Temper, choice: number | null): Stimulus | undefined {
  if (choice === null) return undefined;
  const offers = KINDS.map((kind) => ({ weight: temper[kind], of: possible.filter((s) => s.kind === kind) }));
  const open = offers.filter(({ weight, of }) => weight > 0 && of.length > 0);
  const total = open.reduce((sum, { weight }) => sum + weight, 0);
  let rest = total * (choice / CHOICE_MAX);
  for (const { weight, of } of open) {
    if (rest < weight) return of[Math.floor((rest / weight) * of.length)];
    rest -= weight;
  }
  return undefined;
}

/** Lives through a history; `after` looks at the world after every event. */
export function live(world: World, { opening, choices, temper }: History, after: (world: World) => void): void {
  begin(world, opening, after);
  for (const choice of choices) {
    const stimulus = choose(world.possible(), temper, choice);
    if (stimulus === undefined) continue;
    world.apply(stimulus);
    after(world);
  }
}
