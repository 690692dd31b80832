import { seededDraws } from '../../../../src/runner/host/seeded-draws.js';

/** Chance that a seed reproduces. */
export class Draws {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededDraws(seed);
  }

  /** A source of its own for somebody else, so that who draws when does not matter. */
  fork(): Draws {
    return new Draws(Math.floor(this.#next() * 2 ** 32));
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  between(least: number, most: number): number {
    return least + this.#next() * (most - least);
  }

  /** @throws RangeError for nothing to choose from */
  oneOf<T>(choice: readonly T[]): T {
    const index = Math.floor(this.#next() * choice.length);
    if (index >= choice.length) throw new RangeError('nothing to choose from');
    return choice[index] as T;
  }

  /** At least one and at most all of them, in any order. */
  someOf<T>(choice: readonly T[]): readonly T[] {
    const left = [...choice];
    const count = 1 + Math.floor(this.#next() * choice.length);
    return Array.from({ length: count }, () => left.splice(Math.floor(this.#next() * left.length), 1)).flat();
  }
}
