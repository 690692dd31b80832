import type { AnyTransitionDefinition } from 'xstate';
import { MACHINES } from '../../../machines/index.js';
import { Stepper } from '../../../src/stepping/index.js';
import { NEVER_TAKEN, SELDOM_TAKEN } from '../../machines/properties/never-taken.js';
import type { Check, CheckKind } from './checks/check.js';
import type { Mutant, Site } from './mutants.js';
import { inPlaceOf } from './stand-in.js';
import type { Onlooker } from './stand-in.js';
import { comesBy, Touches } from './touches.js';
import { namesOf, namesOfMutant } from './transition-names.js';

/** How a mutant was caught. */
export interface Caught {
  readonly by: CheckKind;
  readonly check: string;
  readonly what: string;
}

/** A check with where it comes by in the machines as they are. */
interface Known {
  readonly check: Check;
  readonly places: ReadonlySet<string>;
  /** Names of the transitions taken. */
  readonly taken: ReadonlySet<string>;
}

/** More steps than any history or example has. */
const STEPS_MAX = 100_000;
/** Histories that are asked together which transitions are taken. */
const HISTORIES_TOGETHER = 150;
/** Histories that come by the site of a mutant and have to be lived through, at most. */
const HISTORIES_MAX = 120;

/** What fewer histories take as it is may be missed by chance. */
const HISTORIES_TAKEN_BY_MIN = 3;

class Runaway extends Error {}

/**
 * The checks of the project, put to one mutant after the other.
 *
 * INVARIANTS
 * - Nothing is compared with the machines as they are: what catches a mutant is what a check says of it alone.
 * - A check that never comes by the site of a mutant is passed over: it would say what it says without.
 */
export class Jury {
  readonly #known: readonly Known[];
  readonly #byPlace = new Map<string, Set<Known>>();
  readonly #names: ReadonlyMap<AnyTransitionDefinition, string>;
  readonly #together: ReadonlySet<Known>;
  /** Transitions that they have to take. */
  readonly #expected: ReadonlySet<string>;
  /** Checks that find something in the machines as they are. */
  readonly red: string[];

  private constructor(known: readonly Known[], red: string[]) {
    this.#known = known;
    this.red = red;
    this.#names = namesOfAll();
    this.#together = new Set(known.filter(({ check }) => check.kind === 'properties').slice(0, HISTORIES_TOGETHER));
    this.#expected = takenByMany([...this.#together]);
    for (const one of known)
      for (const place of one.places) {
        const there = this.#byPlace.get(place) ?? new Set();
        this.#byPlace.set(place, there.add(one));
      }
  }

  static async of(checks: readonly Check[]): Promise<Jury> {
    const names = namesOfAll();
    const known: Known[] = [];
    const red: string[] = [];
    for (const check of checks) {
      const touches = new Touches();
      const found = await inPlaceOf(null, null, touches, () => check.run(null));
      if (found !== null) red.push(`${check.name}: ${found}`);
      else known.push({ check, places: touches.seen, taken: namesAmong(touches.taken, names) });
    }
    return new Jury(known, red);
  }

  /** @returns null when nothing finds anything wrong with it */
  async judge(mutant: Mutant): Promise<Caught | null> {
    let stepper: Stepper;
    try {
      stepper = Stepper.alone(mutant.make());
    } catch (error) {
      return { by: 'properties', check: 'construction', what: String(error) };
    }
    const concerned = this.#concerned(mutant.site);
    const of = (kind: CheckKind) => this.#known.filter((one) => one.check.kind === kind && concerned.has(one));
    const histories = of('properties');
    const together = histories.filter((one) => this.#together.has(one));
    const further = histories
      .filter((one) => !this.#together.has(one))
      .slice(0, Math.max(0, HISTORIES_MAX - together.length));
    const taken = new Set<AnyTransitionDefinition>();
    return (
      (await this.#first(mutant, stepper, together, taken)) ??
      this.#unreached(mutant, stepper, concerned, taken) ??
      (await this.#nearby(mutant, stepper, of('exploration'))) ??
      (await this.#first(mutant, stepper, further)) ??
      (await this.#first(mutant, stepper, of('examples')))
    );
  }

  #concerned(site: Site): ReadonlySet<Known> {
    const places = [...this.#byPlace].filter(([place]) => comesBy(place, site));
    return new Set(places.flatMap(([, there]) => [...there]));
  }

  async #first(
    { original, site }: Mutant,
    stepper: Stepper,
    checks: readonly Known[],
    taken = new Set<AnyTransitionDefinition>(),
  ): Promise<Caught | null> {
    const counter = new Counter(taken);
    return inPlaceOf(original, stepper, counter, async () => {
      for (const { check } of checks) {
        counter.steps = 0;
        const what = await saidBy(check, site);
        if (what !== null) return { by: check.kind, check: check.name, what };
      }
      return null;
    });
  }

  /** What looks around the site finds there may be wrong with the machines as they are, too: then it says nothing. */
  async #nearby(mutant: Mutant, stepper: Stepper, checks: readonly Known[]): Promise<Caught | null> {
    for (const known of checks) {
      const caught = await this.#first(mutant, stepper, [known]);
      if (caught === null) continue;
      const same = await saidBy(known.check, mutant.site);
      if (same === null) return caught;
      this.red.push(`${known.check.name}, at ${mutant.id}: ${same}`);
    }
    return null;
  }

  /** What test/machines/properties asks of all its histories together. */
  #unreached(
    { original, site }: Mutant,
    { machine }: Stepper,
    concerned: ReadonlySet<Known>,
    takenNow: ReadonlySet<AnyTransitionDefinition>,
  ): Caught | null {
    const names = new Map([...this.#names].filter(([{ source }]) => source.machine.id !== original.id));
    for (const [definition, name] of namesOfMutant(original, machine, site)) names.set(definition, name);
    const taken = new Set(namesAmong(takenNow, names));
    for (const one of this.#together) if (!concerned.has(one)) for (const name of one.taken) taken.add(name);
    const wrong = [...new Set(names.values())].flatMap((name) => {
      if (name in NEVER_TAKEN) return taken.has(name) ? [`"${name}" is taken`] : [];
      return taken.has(name) || !this.#expected.has(name) ? [] : [`"${name}" is never taken`];
    });
    const [what] = wrong;
    return what === undefined ? null : { by: 'properties', check: 'coverage', what };
  }
}

/** Those that test/machines/properties expects to be taken, except what chance could miss. */
function takenByMany(known: readonly Known[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { taken } of known) for (const name of taken) counts.set(name, (counts.get(name) ?? 0) + 1);
  const many = [...counts].filter(([name, count]) => count >= HISTORIES_TAKEN_BY_MIN && !SELDOM_TAKEN.has(name));
  return new Set(many.map(([name]) => name));
}

async function saidBy(check: Check, site: Site): Promise<string | null> {
  try {
    return await check.run(site);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class Counter implements Onlooker {
  steps = 0;

  constructor(readonly taken: Set<AnyTransitionDefinition>) {}

  stepped(...[, , , { taken }]: Parameters<Onlooker['stepped']>): void {
    this.steps += 1;
    if (this.steps > STEPS_MAX) throw new Runaway(`no rest after ${STEPS_MAX} steps`);
    for (const transition of taken) this.taken.add(transition);
  }
}

const namesOfAll = (): ReadonlyMap<AnyTransitionDefinition, string> =>
  new Map(MACHINES.flatMap((machine) => [...namesOf(Stepper.of(machine).machine)]));

const namesAmong = (
  taken: ReadonlySet<AnyTransitionDefinition>,
  names: ReadonlyMap<AnyTransitionDefinition, string>,
): ReadonlySet<string> => new Set([...taken].flatMap((definition) => names.get(definition) ?? []));
