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
