import { PairTable } from './pair-table.js';

/** Numbers for sequences of numbers: equal ones have equal numbers; the empty one has 0. */
export class Sequences {
  readonly #next = new PairTable();

  id(sequence: ArrayLike<number>): number {
    let at = 0;
    for (let i = 0; i < sequence.length; i++) at = this.then(at, sequence[i] ?? 0);
    return at;
  }

  /** The number of the sequence that goes by `before`, and `value` after it. */
  then(before: number, value: number): number {
    const known = this.#next.get(before, value);
    if (known >= 0) return known;
    const made = this.#next.size + 1;
    this.#next.set(before, value, made);
    return made;
  }
}
