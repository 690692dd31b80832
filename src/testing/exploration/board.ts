import { BORN } from '../model/index.js';
import type { OsFacts } from '../model/index.js';
import { Actors } from './actors.js';
import type { Situation } from './actors.js';
import { Interner } from './interner.js';
import { PairTable } from './pair-table.js';
import { Places } from './places.js';
import type { Place } from './places.js';

/** An effect under way. */
export interface Effect {
  readonly src: string;
  readonly input: unknown;
}
/** One armed timer; `event` by number. */
export interface Timer {
  readonly id: string;
  readonly event: number;
}

const PLACES_MAX = 128;

/**
 * Everything that lives, in numbers: a place holds a situation, the facts of an operating-system process or an effect
 * under way, and the timers that were armed there.
 */
export class Board {
  readonly actors: Actors;
  readonly places = new Places();
  /** By place: number of what is there, plus one; 0: nothing. */
  readonly content = new Int32Array(PLACES_MAX);
  readonly timers = new Int32Array(PLACES_MAX);
  /** Groups that may differ from what was last loaded. */
  readonly touched = new Set<number>();
  readonly #facts = new Interner<OsFacts>();
  readonly #effects = new Interner<Effect>();
  readonly #timerLists = new Interner<readonly Timer[]>();
  /** By facts and event: the facts afterwards. */
  readonly #changes = new PairTable();

  /** @param isExact as in ExploreOptions */
  constructor(isExact: boolean) {
    this.actors = new Actors(isExact);
    this.#timerLists.id('', () => []);
  }

  situationAt({ number }: Place): Situation {
    return this.actors.situations.of((this.content[number] ?? 0) - 1);
  }

  factsAt({ number }: Place): OsFacts {
    return this.#facts.of((this.content[number] ?? 0) - 1);
  }

  effectAt({ number }: Place): Effect {
    return this.#effects.of((this.content[number] ?? 0) - 1);
  }

  timersAt({ number }: Place): readonly Timer[] {
    return this.#timerLists.of(this.timers[number] ?? 0);
  }

  isTaken({ number }: Place): boolean {
    return this.content[number] !== 0;
  }

  /** Puts a place to where it was, untouched. */
  put(place: Place, content: number, timers: number): void {
    this.content[place.number] = content;
    this.timers[place.number] = timers;
  }

  protected set(place: Place, content: number): void {
    this.content[place.number] = content;
    this.touched.add(place.group);
  }

  protected setTimers(place: Place, list: readonly Timer[]): void {
    const sorted = [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
    const key = sorted.map(({ id, event }) => `${id} ${event}`).join();
    this.timers[place.number] = this.#timerLists.id(key, () => sorted);
    this.touched.add(place.group);
  }

  protected beginProcess(place: Place): void {
    this.#setFacts(place, BORN);
  }

  protected beginEffect(place: Place, src: string, input: unknown): void {
    this.set(place, this.#effects.id(`${src} ${JSON.stringify(input)}`, () => ({ src, input })) + 1);
  }

  /** What an event makes of the facts: worked out once. */
  protected changeFacts(place: Place, event: number, change: (facts: OsFacts) => OsFacts): OsFacts {
    const before = this.content[place.number] ?? 0;
    const known = this.#changes.get(before, event);
    if (known >= 0) this.set(place, known);
    else {
      this.#setFacts(place, change(this.factsAt(place)));
      this.#changes.set(before, event, this.content[place.number] ?? 0);
    }
    return this.factsAt(place);
  }

  /** One pong answers every ping there was. */
  #setFacts(place: Place, told: OsFacts): void {
    const facts = told.pingsOut > 1 ? { ...told, pingsOut: 1 } : told;
    this.set(place, this.#facts.id(JSON.stringify(facts), () => facts) + 1);
  }
}
