/** Numbers for values that are equal: from 0, in the order in which they came. */
export class Interner<T> {
  readonly values: T[] = [];
  readonly #ids = new Map<string, number>();

  /** @param make called only for a key never seen before */
  id(key: string, make: () => T): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.values.length);
    return this.values.push(make()) - 1;
  }

  /** @throws when the number was never given out */
  of(id: number): T {
    const value = this.values[id];
    if (value === undefined) throw new Error(`nothing goes by the number ${id}`);
    return value;
  }

  get size(): number {
    return this.values.length;
  }
}

const EMPTY = -1;
/** First number, second number, value, unused: together in a line of the cache. */
const STRIDE = 4;
const SLOTS_AT_FIRST = 1 << 6;

/** Numbers for pairs of numbers from 0 up: without objects, so that millions fit and none is walked over again. */
export class PairTable {
  size = 0;
  #mask = SLOTS_AT_FIRST - 1;
  #slots = new Int32Array(SLOTS_AT_FIRST * STRIDE).fill(EMPTY);

  /** @returns a negative number when there is none */
  get(first: number, second: number): number {
    return this.#slots[this.#slotOf(first, second) + 2] ?? EMPTY;
  }

  /** @param value from 0 up */
  set(first: number, second: number, value: number): void {
    if ((this.size + 1) * 2 > this.#mask) this.#grow();
    const slot = this.#slotOf(first, second);
    if (this.#slots[slot] === EMPTY) this.size += 1;
    this.#slots[slot] = first;
    this.#slots[slot + 1] = second;
    this.#slots[slot + 2] = value;
  }

  /** Where the pair is, or the free place for it. */
  #slotOf(first: number, second: number): number {
    const slots = this.#slots;
    let hash = Math.imul(Math.imul(first, 0x85ebca6b) ^ second, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & this.#mask;
    for (;;) {
      const at = slot * STRIDE;
      const known = slots[at];
      if (known === EMPTY || (known === first && slots[at + 1] === second)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(EMPTY);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += STRIDE) {
      if (old[at] === EMPTY) continue;
      const to = this.#slotOf(old[at] ?? 0, old[at + 1] ?? 0);
      for (let i = 0; i < STRIDE; i++) this.#slots[to + i] = old[at + i] ?? 0;
    }
  }
}

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

/** JSON that does not depend on the order in which fields were set. */
export const stableJson = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_name: string, value: unknown): unknown =>
  value === null || typeof value !== 'object' || Array.isArray(value) ? value : sortedByName(value);

export const sortedByName = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
