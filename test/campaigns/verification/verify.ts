import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { INVARIANTS, MACHINES } from '../../../machines/index.js';
import { explore, scenariosWith } from '../../../src/testing/exploration/index.js';
import type { Exploration, Scenario } from '../../../src/testing/exploration/index.js';
import { Stepper } from '../../../src/stepping/index.js';
import { Coverage } from '../../../src/testing/model/index.js';
import { NEVER_TAKEN, UNEXPECTED } from './reasons.js';
import { compare } from './walks.js';
import type { Likeness } from './walks.js';

export interface VerifyOptions {
  /** Faults each scenario may spend: 1, or 2 as a longer run. */
  readonly faults: 1 | 2;
  /** Part of a scenario's name; all when left out. */
  readonly only?: string;
  /** Events of random walks compared with the running system; 0: none. */
  readonly walkEvents: number;
  readonly seed: number;
  readonly secondsMax?: number;
  readonly onExplored?: (exploration: Exploration) => void;
}

export interface Verification {
  readonly explorations: readonly Exploration[];
  readonly likeness: Likeness;
  /** Names of the transitions that were taken, of all there are. */
  readonly taken: readonly string[];
  readonly transitions: number;
  /** States of the machines that were entered, of all there are. */
  readonly statesEntered: number;
  readonly statesInAll: number;
  /** Numbers of the invariants whose premise came true. */
  readonly met: readonly number[];
  readonly rssMb: number;
  /** Sentences; empty when all is well. */
  readonly failures: readonly string[];
}

/** Explores every scenario and compares the explored world with the running one. */
export function verify(options: VerifyOptions): Verification {
  const scenarios = scenariosWith(options.faults).filter(({ name }) => name.includes(options.only ?? ''));
  const coverage = new Coverage(MACHINES);
  const entered = new Set<string>();
  const unexpected = new Set<string>();
  const met = new Set<number>();
  const explorations = scenarios.map((scenario) => {
    const exploration = explore(scenario, options.secondsMax === undefined ? {} : { secondsMax: options.secondsMax });
    coverage.add({ taken: [...exploration.taken] });
    for (const state of exploration.entered) entered.add(state);
    for (const event of exploration.unexpected) unexpected.add(event);
    for (const number of exploration.met) met.add(number);
    options.onExplored?.(exploration);
    return exploration;
  });
  const likeness = walked(scenarios, options);
  const all = MACHINES.flatMap((machine) => statesOf(machine));
  const isWhole = options.only === undefined && options.secondsMax === undefined;
  const never = new Set(coverage.neverTaken);
  return {
    explorations,
    likeness,
    taken: coverage.all.filter((name) => !never.has(name)),
    transitions: coverage.all.length,
    statesEntered: all.filter((state) => entered.has(state)).length,
    statesInAll: all.length,
    met: [...met].sort((a, b) => a - b),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    failures: [
      ...explorations.flatMap(wrongWith),
      ...(likeness.mismatch === null ? [] : [`a walk parts from the running system: ${likeness.mismatch.what}`]),
      ...(isWhole
        ? [
            ...INVARIANTS.filter(({ number }) => !met.has(number)).map(
              ({ number }) => `the premise of invariant ${number} never came true: it counts as untested`,
            ),
            ...all.filter((state) => !entered.has(state)).map((state) => `the state ${state} is never entered`),
            ...neverWithout(never, options.faults),
            ...unexpectedWithout(unexpected),
          ]
        : []),
    ],
  };
}

const walked = (scenarios: readonly Scenario[], { walkEvents, seed }: VerifyOptions): Likeness =>
  walkEvents === 0 ? { walks: 0, events: 0, seed, mismatch: null } : compare(scenarios, walkEvents, seed);

const wrongWith = ({ scenario, closed, violations }: Exploration): readonly string[] => [
  ...violations.map(({ by, what, story }) => `${scenario}: ${by}: ${what}\n    ${story.join('\n    ')}`),
  ...(closed || violations.length > 0 ? [] : [`${scenario}: new states kept appearing`]),
];

/** More faults take more transitions: reasons are held against the ordinary run only. */
const neverWithout = (never: ReadonlySet<string>, faults: 1 | 2): readonly string[] => [
  ...[...never].flatMap((name) => (name in NEVER_TAKEN ? [] : [`the transition "${name}" is never taken`])),
  ...Object.keys(NEVER_TAKEN).flatMap((name) =>
    never.has(name) || faults === 2 ? [] : [`there is a reason why "${name}" is never taken, but it is`],
  ),
];

const unexpectedWithout = (found: ReadonlySet<string>): readonly string[] => [
  ...[...found].flatMap((event) =>
    UNEXPECTED.some(([pattern]) => pattern.test(event)) ? [] : [`the event "${event}" is dropped without a word`],
  ),
  ...UNEXPECTED.flatMap(([pattern]) =>
    [...found].some((event) => pattern.test(event))
      ? []
      : [`there is a reason for events like ${pattern.source}; none came`],
  ),
];

/** `package Running.Restarting`: the leaves of a machine, as traces name them. */
function statesOf(machine: AnyStateMachine): readonly string[] {
  const leaves = (node: AnyStateNode, path: readonly string[]): readonly string[] => {
    const inner = Object.entries(node.states as Readonly<Record<string, AnyStateNode>>);
    if (inner.length === 0) return [`${machine.id} ${path.join('.')}`];
    return inner.flatMap(([name, child]) => leaves(child, [...path, name]));
  };
  return leaves(Stepper.of(machine).machine.root as AnyStateNode, []).filter((state) => !/ Recalling$/.test(state));
}
