import { hasTag, isTimed } from '../../../machines/index.js';
import type { PackageContext } from '../../../machines/index.js';
import type { Place } from './places.js';
import type { Scenario } from './scenario.js';
import { Sequences } from './sequences.js';
import { stimuliAt } from './stimuli.js';
import type { Stimulus } from './stimuli.js';
import type { World } from './world.js';

interface Cell {
  readonly place: Place;
  readonly content: number;
  readonly timers: number;
}
/** What the world could do next. */
export interface ByWorld {
  readonly by: 'world';
  readonly stimulus: Stimulus;
}
interface Group {
  readonly cells: readonly Cell[];
  readonly moves: readonly ByWorld[];
  readonly rests: boolean;
}

/** Whose states say whether anything is under way; processes and heartbeats are judged with their package. */
const JUDGED: ReadonlySet<string> = new Set(['runner', 'package', 'route', 'changeover']);

/** Nothing is under way any more, and no timer is to change that. */
const isQuiet = (machine: string, state: string): boolean =>
  hasTag(machine, state, 'steady') && !isTimed(machine, state);

const NOTHING: Group = { cells: [], moves: [], rests: true };

/** One child of the Runner with all that is below it, by number: what is where, and what could happen there next. */
export class Groups {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #numbers = new Sequences();
  readonly #groups: Group[] = [NOTHING];
  readonly #key: number[] = [];

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
  }

  of(number: number): Group {
    return this.#groups[number] ?? NOTHING;
  }

  /** Puts everything of a group to where it was. */
  load(group: number, number: number): void {
    const world = this.#world;
    for (const place of world.places.groups[group] ?? []) world.put(place, 0, 0);
    for (const { place, content, timers } of this.of(number).cells) world.put(place, content, timers);
  }

  /** The number of a group as it is now. */
  now(group: number): number {
    const { content, timers, places } = this.#world;
    const own = places.groups[group] ?? [];
    const key = this.#key;
    key.length = 0;
    for (const { number } of own) {
      const there = content[number] ?? 0;
      if (there !== 0) key.push(number, there, timers[number] ?? 0);
    }
    const number = this.#numbers.id(key);
    this.#groups[number] ??= this.#made(own);
    return number;
  }

  #made(places: readonly Place[]): Group {
    const world = this.#world;
    const taken = places.filter((place) => world.isTaken(place));
    return {
      cells: taken.map((place) => {
        return { place, content: world.content[place.number] ?? 0, timers: world.timers[place.number] ?? 0 };
      }),
      moves: stimuliAt(world, taken, this.#scenario).map((stimulus) => ({ by: 'world', stimulus })),
      rests: taken.every((place) => this.#restsAt(place)),
    };
  }

  #restsAt(place: Place): boolean {
    const machine = this.#world.machineAt[place.number] ?? '';
    if (place.kind !== 'machine' || !JUDGED.has(machine)) return true;
    const { state, snapshot } = this.#world.situationAt(place);
    const { slots = [] } = snapshot.context as Partial<PackageContext>;
    return isQuiet(machine, state) && slots.every(({ phase }) => phase === 'empty' || phase === 'ready');
  }
}
