import { transitionName } from '../../../src/testing/model/index.js';
import type { Site } from './mutants.js';
import type { Onlooker } from './stand-in.js';
import { comesBy, placesOf } from './touches.js';

/** Moves of a scenario from its first state on, in words. */
export type Way = readonly string[];

/** Ways kept to each place: the first of them, and some spread over the others. */
const FIRST = 4;
const SPREAD = 10;

/**
 * The ways on which an exploration comes by each place.
 *
 * INVARIANTS
 * - An exploration works out once what a machine does with one event in one situation: each such step is a way of its
 *   own, whatever else is different.
 */
export class Ways implements Onlooker {
  readonly #pending = new Set<string>();
  readonly #found = new Map<string, (() => Way)[]>();
  #ways: ReadonlyMap<string, readonly Way[]> = new Map();

  stepped(...step: Parameters<Onlooker['stepped']>): void {
    for (const place of placesOf(...step)) this.#pending.add(place);
    for (const transition of step[3].taken) this.#pending.add(transitionName(transition));
  }

  /** The steps since the last move were taken on this way. */
  moved(story: () => Way): void {
    for (const place of this.#pending) {
      const there = this.#found.get(place) ?? [];
      there.push(story);
      this.#found.set(place, there);
    }
    this.#pending.clear();
  }

  /** The exploration is over: some ways to each place are kept. */
  close(): void {
    this.#ways = new Map([...this.#found].map(([place, ways]) => [place, someOf(ways).map((way) => way())]));
    this.#found.clear();
  }

  /** Ways by the transition that is meant, and by places where it could have been taken. */
  to(site: Site): readonly Way[] {
    const places = [...this.#ways].flatMap(([place, ways]) => (comesBy(place, site) ? ways : []));
    const taken = site.transition === undefined ? [] : (this.#ways.get(site.transition) ?? []);
    const all = [...taken, ...someOf(places)];
    return [...new Map(all.map((way) => [way.join('\n'), way])).values()];
  }
}

function someOf<T>(all: readonly T[]): readonly T[] {
  const rest = all.slice(FIRST);
  const step = Math.max(1, rest.length / SPREAD);
  const spread = Array.from(
    { length: Math.min(SPREAD, rest.length) },
    (_none, i) => rest[Math.floor((i + 1) * step) - 1],
  );
  return [...all.slice(0, FIRST), ...spread].flatMap((one) => (one === undefined ? [] : [one]));
}
