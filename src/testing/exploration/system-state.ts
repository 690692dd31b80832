import { BORN } from '../model/index.js';
import type { OsFacts } from '../model/index.js';
import { Actors } from './actors.js';
import type { Situation } from './actors.js';
import { Interner, PairTable } from './interning.js';

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
export class SystemState {
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

/** What an actor's place is taken by. */
export type PlaceKind = 'machine' | 'os' | 'effect';

export interface Place {
  readonly number: number;
  /** Ids from the root's children down, joined by `/`; the root's own is its machine's id. */
  readonly path: string;
  readonly id: string;
  readonly kind: PlaceKind;
  readonly parent: Place | null;
  readonly children: Place[];
  /** Number of the child of the root it belongs to; 0 for the root and its effects. */
  readonly group: number;
}

/** Every place an actor has ever had; an empty one waits for its next. */
export class Places {
  readonly all: Place[] = [];
  /** Places by group. */
  readonly groups: Place[][] = [];

  root(id: string): Place {
    return this.#add(id, id, 'machine', null, 0);
  }

  childOf(parent: Place, id: string, kind: PlaceKind): Place {
    const known = this.find(parent, id);
    if (known !== undefined) return known;
    const isTop = parent.parent === null;
    const group = isTop && kind === 'machine' ? this.groups.length : parent.group;
    return this.#add(isTop ? id : `${parent.path}/${id}`, id, kind, parent, group);
  }

  find(parent: Place, id: string): Place | undefined {
    for (const child of parent.children) if (child.id === id) return child;
    return undefined;
  }

  #add(path: string, id: string, kind: PlaceKind, parent: Place | null, group: number): Place {
    const place: Place = { number: this.all.length, path, id, kind, parent, children: [], group };
    this.all.push(place);
    parent?.children.push(place);
    (this.groups[group] ??= []).push(place);
    return place;
  }
}
