import fc from 'fast-check';
import { LIFECYCLE_STATES, fault, releaseOf } from '../../../machines/index.js';
import type { RestingState, StoreFacts, StoredRoute, Wanted } from '../../../machines/index.js';
import { KEYS, PIDS } from './cast.js';
import { ENDINGS } from './ending.js';
import type { Ending } from './ending.js';
import { MEMORY_LIMITS } from '../../../src/testing/model/index.js';
import { anyOpening, begin } from './opening.js';
import type { Opening } from './opening.js';
import { FACTS, storedAs } from './samples.js';
import type { PolicyOf } from './samples.js';
import { KINDS } from './stimuli.js';
import type { Kind, Stimulus } from './stimuli.js';
import type { Setting, SimulatedSystem } from './simulated-system.js';

const CHOICE_MAX = 2 ** 24;

/** How likely each kind of event is, relative to the others that are possible. */
type Temper = Readonly<Record<Kind, number>>;

const NONE: Temper = {
  ...{ works: 0, breaks: 0, looks: 0, time: 0, calls: 0, changes: 0, commands: 0, mistakes: 0, flows: 0, closes: 0 },
};
const TEMPERS: readonly Temper[] = [
  { ...NONE, works: 24, time: 1, calls: 12, changes: 2, commands: 2, mistakes: 1 },
  { ...NONE, works: 24, breaks: 2, looks: 1, time: 2, calls: 12, changes: 1, commands: 2, mistakes: 1, flows: 1 },
  { ...NONE, works: 20, breaks: 2, looks: 2, time: 8, calls: 8, changes: 2, commands: 3, mistakes: 1 },
  { ...NONE, works: 20, breaks: 1, time: 4, calls: 8, changes: 4, commands: 8, mistakes: 6, flows: 1, closes: 0.3 },
  { ...NONE, works: 20, breaks: 6, looks: 2, time: 3, calls: 12, changes: 1, commands: 4, mistakes: 1 },
  { ...NONE, works: 10, breaks: 5, time: 0.5, calls: 14, commands: 8 },
  { ...NONE, works: 6, breaks: 5, looks: 4, time: 0.3, calls: 10, commands: 5 },
  // Calls that make no progress, or take too much.
  { ...NONE, works: 3, breaks: 1, looks: 10, time: 6, calls: 6, commands: 1, closes: 0.1 },
  { ...NONE, works: 8, breaks: 6, looks: 1, time: 3, calls: 20, commands: 2 },
  // Changes of routes, in peace and in a crash loop.
  { ...NONE, works: 20, breaks: 0.5, time: 2, calls: 4, changes: 8, commands: 1, mistakes: 2, flows: 4 },
  { ...NONE, works: 16, breaks: 4, time: 4, calls: 4, changes: 8, commands: 1, mistakes: 1, flows: 3 },
];

export interface History extends Setting {
  readonly opening: Opening;
  readonly ending: Ending;
  readonly temper: Temper;
  /** What is picked at each step; null passes a step over, so that a failing history shrinks to the steps that matter. */
  readonly choices: readonly (number | null)[];
}

const RESTING = LIFECYCLE_STATES.filter((state): state is RestingState => state !== 'Running' && state !== 'Executing');

/** Small limits and short deadlines, so that histories meet them. */
const anyPolicy: fc.Arbitrary<PolicyOf> = fc.record({
  instances: fc.constantFrom(1, 2, 2),
  queueLimit: fc.constantFrom(1, 2),
  retries: fc.constantFrom(0, 1, 2),
  fallback: fc.boolean(),
  memory: fc.constantFrom({}, {}, MEMORY_LIMITS),
  probation: fc.record({
    durationMs: fc.constantFrom(0, 15, 80, 80),
    errorsMax: fc.constantFrom(0, 1, 2),
    callsMin: fc.constantFrom(0, 0, 1, 2),
  }),
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
    waitMs: fc.constantFrom(7, 90),
    rollbackRetryMs: fc.constantFrom(11, 40),
  }),
  restart: fc.record({
    immediateRestarts: fc.constantFrom(0, 1, 2),
    breakerLosses: fc.constantFrom(1, 2, 4),
    windowMs: fc.constantFrom(20, 1_000),
    backoffMs: fc.constant(5),
    jitterShare: fc.constant(0.5),
    cooldownMs: fc.constantFrom(null, 9),
  }),
});

interface ReleaseOf {
  readonly state: RestingState | null;
  readonly wanted: Wanted;
}
const anyWish = fc.constantFrom<Wanted[]>('running', 'stopped');
const anyRelease: fc.Arbitrary<ReleaseOf> = fc.record({
  state: fc.constantFrom<(RestingState | null)[]>(null, ...RESTING),
  wanted: anyWish,
});
const deployed: fc.Arbitrary<ReleaseOf> = fc.record({
  state: fc.constantFrom<RestingState[]>('Deployed', 'Stopped'),
  wanted: fc.constantFrom<Wanted[]>('running', 'running', 'stopped'),
});

/** Most histories begin with releases that can run, or they would spend themselves on the way there. */
const mostlyDeployed = fc.oneof({ weight: 1, arbitrary: anyRelease }, { weight: 4, arbitrary: deployed });
const seldomKnown = fc.oneof(
  { weight: 3, arbitrary: fc.constant<ReleaseOf>({ state: null, wanted: 'stopped' }) },
  { weight: 1, arbitrary: anyRelease },
);

/** Which of the deployed releases a PID is bound to and would return to, counted from the first; null: none. */
const anyBinding = fc.record({
  release: fc.option(fc.nat(1), { freq: 4 }),
  previous: fc.option(fc.nat(2)),
  probation: fc.boolean(),
});

const anyStore: fc.Arbitrary<StoreFacts> = fc
  .record({
    releases: fc.tuple(mostlyDeployed, mostlyDeployed, seldomKnown, seldomKnown),
    bindings: fc.tuple(...PIDS.map(() => anyBinding)),
  })
  .map(({ releases, bindings }) => {
    const known = releases.flatMap(({ state, wanted }, i) =>
      state === null ? [] : [storedAs(state, { key: KEYS[i] ?? '', wanted })],
    );
    const ready = known.flatMap(({ key, facts }) => (facts === FACTS ? [key] : []));
    const at = (index: number | null): string | null => (index === null ? null : (ready[index] ?? null));
    const routes = bindings.flatMap((binding, i): readonly StoredRoute[] => {
      const pid = PIDS[i] ?? '';
      const key = at(binding.release);
      if (key === null && binding.probation)
        return [{ pid, key, previous: null, probation: null, fault: fault('store_corrupt', 'It is no JSON.') }];
      if (key === null) return [];
      const other = at(binding.previous);
      const isOlder = other !== null && other !== key && releaseOf(other).name === releaseOf(key).name;
      const previous = isOlder ? other : null;
      return [{ pid, key, previous, probation: isOlder && binding.probation ? {} : null, fault: null }];
    });
    return { releases: known, routes };
  });

export const anyHistory = (length: { minLength?: number; maxLength: number }): fc.Arbitrary<History> =>
  fc
    .record({
      policy: anyPolicy,
      store: anyStore,
      storeReadable: fc.constantFrom(...Array<boolean>(15).fill(true), false),
      opening: anyOpening,
      ending: fc.constantFrom(...ENDINGS, 'well' as const),
      temper: fc.constantFrom(...TEMPERS),
      choices: fc.array(fc.option(fc.nat(CHOICE_MAX - 1), { freq: 200 }), { ...length, size: 'max' }),
    })
    // Drawn from what is drawn already: two histories of three replace processes whose calls fail.
    .map(({ policy, ...history }) => ({
      ...history,
      policy: { ...policy, ...(policy.retries === 0 ? {} : { replaceAfterFailures: policy.retries ?? 1 }) },
    }))
    // Two PIDs that fall back to each other's broken release do so for ever where nobody answers.
    .map((history) =>
      history.ending === 'silent' ? { ...history, policy: { ...history.policy, fallback: false } } : history,
    );

/** Ways to be in the middle of what is seldom: calls that stall, drains, sessions that are lost, ends, failed probations. */
const SELDOM: readonly ((history: History) => History)[] = [
  ({ policy, ...history }) => ({
    ...history,
    opening: 'busy',
    policy: {
      ...policy,
      memory: MEMORY_LIMITS,
      replaceAfterFailures: 2,
      retries: 1,
      timings: { ...policy.timings, executeMs: 60, pingIntervalMs: 10 },
    },
    temper: { ...NONE, works: 2, breaks: 2, looks: 9, time: 5, calls: 5, commands: 2 },
  }),
  ({ policy, ...history }) => ({
    ...history,
    opening: 'busy',
    policy: {
      ...policy,
      memory: MEMORY_LIMITS,
      replaceAfterFailures: 2,
      timings: { ...policy.timings, executeMs: 60, pingIntervalMs: 10 },
    },
    temper: { ...NONE, works: 0.5, breaks: 3, looks: 2, time: 9, calls: 4, commands: 2, closes: 0.2 },
  }),
  ({ policy, ...history }) => ({
    ...history,
    opening: 'draining',
    policy: { ...policy, instances: 2, queueLimit: 2, timings: { ...policy.timings, drainMs: 60 } },
    temper: { ...NONE, works: 8, breaks: 6, looks: 1, time: 1, calls: 10, commands: 5 },
  }),
  ({ policy, ...history }) => ({
    ...history,
    opening: 'busy',
    policy: { ...policy, instances: 3, queueLimit: 2, restart: { ...policy.restart, breakerLosses: 4 } },
    temper: { ...NONE, works: 8, breaks: 6, looks: 2, time: 1, calls: 18, commands: 2 },
  }),
  (history) => ({
    ...history,
    temper: { ...NONE, works: 8, breaks: 5, time: 2, calls: 4, commands: 12, mistakes: 3, closes: 0.5 },
  }),
  ({ policy, ...history }) => ({
    ...history,
    opening: 'switched',
    policy: { ...policy, probation: { durationMs: 15, errorsMax: 0, callsMin: 1 } },
    temper: { ...NONE, works: 10, breaks: 4, time: 3, calls: 5, changes: 10, mistakes: 5, flows: 4 },
  }),
];

/** Histories in which what is seldom otherwise is frequent. */
export const anySeldomHistory = (length: { minLength?: number; maxLength: number }): fc.Arbitrary<History> =>
  fc.tuple(anyHistory(length), fc.constantFrom(...SELDOM)).map(([history, seldom]) => seldom(history));

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
export function live(
  system: SimulatedSystem,
  { opening, choices, temper }: History,
  after: (system: SimulatedSystem) => void,
): void {
  begin(system, opening, after);
  for (const choice of choices) {
    const stimulus = choose(system.possible(), temper, choice);
    if (stimulus === undefined) continue;
    system.apply(stimulus);
    after(system);
  }
}
