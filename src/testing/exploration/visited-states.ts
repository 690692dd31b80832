import { covers } from './budgets.js';
import { IntList, StateTable } from './state-table.js';

/**
 * States visited so far. A state that was visited with as much of the budget left, or more, is not visited again:
 * whatever can happen from here has a way from there.
 *
 * INVARIANTS
 * - The budget is the last number of a vector.
 */
export class VisitedStates {
  readonly #width: number;
  readonly #cores: StateTable;
  /** By core: the state visited last with it, or -1. */
  readonly #latest = new IntList();
  /** By state: its core, its budget, and the state visited with the same core before, or -1. */
  readonly #coreOf = new IntList();
  readonly #budgetOf = new IntList();
  readonly #before = new IntList();

  constructor(width: number) {
    this.#width = width;
    this.#cores = new StateTable(width);
  }

  get size(): number {
    return this.#coreOf.length;
  }

  /** States that differ in more than their budgets. */
  get cores(): number {
    return this.#cores.size;
  }

  /** @returns the number of a state that stands for it; the complement of its own when it is new */
  put(vector: Int32Array): number {
    const last = this.#width - 1;
    const budget = vector[last] ?? 0;
    vector[last] = 0;
    const found = this.#cores.put(vector);
    vector[last] = budget;
    const core = found < 0 ? ~found : found;
    if (found < 0) this.#latest.push(-1);
    for (let state = this.#latest.at(core); state >= 0; state = this.#before.at(state))
      if (covers(this.#budgetOf.at(state), budget)) return state;
    const state = this.size;
    this.#coreOf.push(core);
    this.#budgetOf.push(budget);
    this.#before.push(this.#latest.at(core));
    this.#latest.set(core, state);
    return ~state;
  }

  get(state: number, into: Int32Array): void {
    this.#cores.get(this.#coreOf.at(state), into);
    into[this.#width - 1] = this.#budgetOf.at(state);
  }
}
