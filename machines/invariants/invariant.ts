import type { Seen, SystemView } from './view.js';

/** What one outside event shows of an invariant. */
export interface Judgement<Memory> {
  readonly memory: Memory;
  /** What is wrong, a sentence each. */
  readonly wrong: readonly string[];
  /** Its premise came true: there was something to be judged. */
  readonly met: boolean;
}

/**
 * One invariant of docs/invariants.md as a pure function, the same for random histories, an exhaustive exploration
 * and a live trace.
 *
 * INVARIANTS
 * - Memory is plain data and forgets what can no longer matter: an exploration keeps it beside the states.
 */
export interface Invariant<Memory = unknown> {
  readonly number: number;
  readonly sentence: string;
  readonly start: Memory;
  /**
   * Whether the invariant reads this observation. Others may be withheld without changing its result, so that an
   * exploration can merge states that differ in nothing else.
   */
  hears(seen: Seen): boolean;
  /** Called after every outside event, with all that it set off. */
  watch(memory: Memory, happened: readonly Seen[], view: SystemView): Judgement<Memory>;
  /** What is wrong although nothing is under way any more. */
  atRest?(memory: Memory, view: SystemView): readonly string[];
}
