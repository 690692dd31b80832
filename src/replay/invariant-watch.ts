import { INVARIANTS } from '../../machines/index.js';
import type { Seen, SystemView } from '../../machines/index.js';

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: number;
  /** What always has to hold. */
  readonly sentence: string;
  /** What is wrong. */
  readonly wrong: string;
  /** The record it was found at, where everything its cause had set off was done. */
  readonly seq: number;
  readonly atUs: number;
}

/** A busy machine fires its timers late. */
export const LATE_MS = 5_000;

/** Every invariant of the architecture, watching one history. */
export class InvariantWatch {
  readonly #memories = INVARIANTS.map(({ start }) => start);
  readonly #met = new Set<number>();

  /** Numbers of the invariants whose premise came true. */
  get met(): readonly number[] {
    return [...this.#met].sort((a, b) => a - b);
  }

  /** @param seen all that one outside event set off */
  judge(
    seen: readonly Seen[],
    view: SystemView,
    { seq, atUs }: { readonly seq: number; readonly atUs: number },
  ): readonly Violation[] {
    const violations: Violation[] = [];
    for (const [i, invariant] of INVARIANTS.entries()) {
      const judgement = invariant.watch(this.#memories[i], seen, view);
      this.#memories[i] = judgement.memory;
      if (judgement.met) this.#met.add(invariant.number);
      const { number, sentence } = invariant;
      for (const wrong of judgement.wrong) violations.push({ invariant: number, sentence, wrong, seq, atUs });
    }
    return violations;
  }
}
