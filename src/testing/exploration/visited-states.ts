import { covers } from './scenario.js';

const CHUNK = 1 << 15;

/**
 * States seen so far, numbered from 0: vectors of whole numbers of one length, without objects, so that millions fit.
 *
 * INVARIANTS
 * - Equal vectors have equal numbers; a number, once given, stays.
 */
export class StateTable {
  size = 0;
  readonly #width: number;
  readonly #chunks: Int32Array[] = [];
  #slots = new Int32Array(1 << 16).fill(-1);

  constructor(width: number) {
    this.#width = width;
  }

  /** @returns the vector's number, or its complement (negative) when it is new and has just got it */
  put(vector: Int32Array): number {
    if (this.size * 2 > this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = this.#hash(vector) & mask;
    for (let known = this.#slots[slot] ?? -1; known >= 0; known = this.#slots[slot] ?? -1) {
      if (this.#equals(known, vector)) return known;
      slot = (slot + 1) & mask;
    }
    const number = this.size++;
    this.#slots[slot] = number;
    const chunk = (this.#chunks[(number / CHUNK) | 0] ??= new Int32Array(CHUNK * this.#width));
    chunk.set(vector, (number % CHUNK) * this.#width);
    return ~number;
  }

  /** Copies a state into `into`. */
  get(number: number, into: Int32Array): void {
    const chunk = this.#chunks[(number / CHUNK) | 0];
    const at = (number % CHUNK) * this.#width;
    for (let i = 0; i < this.#width; i++) into[i] = chunk?.[at + i] ?? 0;
  }

  #equals(number: number, vector: Int32Array): boolean {
    const chunk = this.#chunks[(number / CHUNK) | 0];
    const at = (number % CHUNK) * this.#width;
    for (let i = 0; i < this.#width; i++) if (chunk?.[at + i] !== vector[i]) return false;
    return true;
  }

  #hash(vector: Int32Array): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < this.#width; i++) {
      hash = Math.imul(hash ^ (vector[i] ?? 0), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash & 0x7fffffff;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = this.#slots.length - 1;
    const vector = new Int32Array(this.#width);
    for (let number = 0; number < this.size; number++) {
      this.get(number, vector);
      let slot = this.#hash(vector) & mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

/** A growing list of whole numbers without objects. */
export class IntList {
  length = 0;
  readonly #chunks: Int32Array[] = [];

  push(value: number): void {
    (this.#chunks[(this.length / CHUNK) | 0] ??= new Int32Array(CHUNK))[this.length % CHUNK] = value;
    this.length += 1;
  }

  set(index: number, value: number): void {
    const chunk = this.#chunks[(index / CHUNK) | 0];
    if (chunk !== undefined) chunk[index % CHUNK] = value;
  }

  at(index: number): number {
    return this.#chunks[(index / CHUNK) | 0]?.[index % CHUNK] ?? 0;
  }
}

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
