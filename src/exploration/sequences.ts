/** Numbers for sequences of numbers: equal ones have equal numbers. */
export class Sequences {
  readonly #next: Map<number, number>[] = [new Map<number, number>()];

  id(sequence: readonly number[]): number {
    let at = 0;
    for (const value of sequence) {
      const step = this.#next[at] as Map<number, number>;
      const next = step.get(value);
      if (next === undefined) step.set(value, (at = this.#next.push(new Map()) - 1));
      else at = next;
    }
    return at;
  }
}
