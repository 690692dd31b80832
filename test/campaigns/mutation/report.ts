import type { CheckKind } from './checks/check.js';
import type { Verdict } from './crew.js';
import { HARMLESS } from './harmless.js';
import type { Mutant } from './mutants.js';

/** Share of the mutants that exploration or properties have to catch. */
export const GOAL = 0.9;

export interface Tally {
  readonly mutants: number;
  /** By exploration or property tests. */
  readonly caught: number;
  readonly by: Readonly<Record<CheckKind, number>>;
  /** Caught by nothing. */
  readonly survivors: number;
  /** Share caught by exploration or property tests. */
  readonly score: number;
  /** Share caught at all. */
  readonly score_with_examples: number;
  readonly seconds: number;
}

export interface Report {
  readonly total: Tally;
  readonly machines: Readonly<Record<string, Tally>>;
  readonly kinds: Readonly<Record<string, Tally>>;
  /** By id, with the reason they are harmless; null: nobody knows of one. */
  readonly survivors: Readonly<Record<string, string | null>>;
  /** Reasons that are to go: their mutants are caught, or do not exist. */
  readonly stale: readonly string[];
  /** Checks that find something in the machines as they are: they catch nothing. */
  readonly red: readonly string[];
  readonly not_judged: number;
  readonly failures: readonly string[];
}

export function reportOn(
  mutants: readonly Mutant[],
  verdicts: readonly Verdict[],
  chosen: number,
  red: readonly string[],
): Report {
  const judged = verdicts.flatMap((verdict) => {
    const mutant = mutants[verdict.mutant];
    return mutant === undefined ? [] : [{ ...verdict, mutant }];
  });
  const of = <Key extends string>(keyOf: (mutant: Mutant) => Key) => {
    const keys = [...new Set(mutants.map((mutant) => keyOf(mutant)))];
    const tallies = keys.map((key) => [key, tallyOf(judged.filter(({ mutant }) => keyOf(mutant) === key))] as const);
    return Object.fromEntries(tallies.filter(([, tally]) => tally.mutants > 0));
  };
  const survivors = judged.filter(({ caught }) => caught === null).map(({ mutant }) => mutant.id);
  const caught = new Set(judged.filter((one) => one.caught !== null).map(({ mutant }) => mutant.id));
  const known = new Set(mutants.map(({ id }) => id));
  const stale = Object.keys(HARMLESS).filter((id) => caught.has(id) || !known.has(id));
  const total = tallyOf(judged);
  const unexplained = survivors.filter((id) => HARMLESS[id] === undefined);
  return {
    total,
    machines: of(({ original }) => original.id),
    kinds: of(({ kind }) => kind),
    survivors: Object.fromEntries(survivors.map((id) => [id, HARMLESS[id] ?? null])),
    ...{ stale, red, not_judged: chosen - judged.length },
    failures: [
      ...(total.score < GOAL ? [`exploration and properties catch ${percent(total.score)} only`] : []),
      ...(unexplained.length > 0
        ? [`${unexplained.length} survivors have no reason in test/campaigns/mutation/harmless.ts`]
        : []),
      ...(stale.length > 0 ? [`${stale.length} reasons in test/campaigns/mutation/harmless.ts are to go`] : []),
      ...(red.length > 0 ? [`${red.length} checks fail without any mutant`] : []),
    ],
  };
}

function tallyOf(judged: readonly Pick<Verdict, 'caught' | 'seconds'>[]): Tally {
  const by = { properties: 0, exploration: 0, examples: 0 };
  for (const { caught } of judged) if (caught !== null) by[caught.by] += 1;
  const caught = by.properties + by.exploration;
  const seconds = judged.reduce((sum, one) => sum + one.seconds, 0);
  const share = (count: number): number =>
    judged.length === 0 ? 1 : Math.round((10_000 * count) / judged.length) / 10_000;
  return {
    ...{ mutants: judged.length, caught, by, survivors: judged.length - caught - by.examples },
    ...{ score: share(caught), score_with_examples: share(caught + by.examples), seconds: Math.round(seconds) },
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Lines for a person. */
export function linesOf({
  total,
  machines,
  kinds,
  survivors,
  stale,
  red,
  failures,
  not_judged,
}: Report): readonly string[] {
  const line = (name: string, { mutants, caught, by, survivors: left, score, seconds }: Tally): string =>
    `${name.padEnd(16)} ${String(caught).padStart(5)} of ${String(mutants).padStart(5)} ${percent(score).padStart(8)}` +
    `   properties ${by.properties}, exploration ${by.exploration}; examples ${by.examples}, survivors ${left}; ${seconds} s`;
  return [
    ...Object.entries(machines).map(([name, tally]) => line(name, tally)),
    ...Object.entries(kinds).map(([name, tally]) => line(name, tally)),
    line('all', total),
    ...(not_judged > 0 ? [`${not_judged} were not judged`] : []),
    ...Object.entries(survivors).map(([id, reason]) => `survives: ${id}: ${reason ?? 'NO REASON'}`),
    ...stale.map((id) => `reason to go: ${id}`),
    ...red.map((what) => `fails without a mutant: ${what}`),
    ...failures.map((what) => `FAILED: ${what}`),
  ];
}
