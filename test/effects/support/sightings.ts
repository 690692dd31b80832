/** Things seen in order, each to be awaited once: no test sleeps, and none misses what came early. */
export class Sightings<T extends { readonly type: string }> {
  readonly all: T[] = [];
  readonly #taken = new Set<T>();
  readonly #waiting = new Set<() => boolean>();
  readonly #giveUp = new Set<(error: unknown) => void>();
  #failure: { readonly error: unknown } | undefined;

  add(sighting: T): void {
    this.all.push(sighting);
    for (const look of [...this.#waiting]) if (look()) this.#waiting.delete(look);
  }

  /** Nothing will come any more: whoever waits is told why. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const giveUp of this.#giveUp) giveUp(error);
  }

  /** The first of its type, if it was seen yet. */
  seen(type: string): T | undefined {
    return this.all.find((sighting) => sighting.type === type);
  }

  count(type: string): number {
    return this.all.filter((sighting) => sighting.type === type).length;
  }

  /** The next one of any of these types. */
  next(...types: readonly string[]): Promise<T> {
    return this.nextWhere(({ type }) => types.includes(type));
  }

  nextWhere(wanted: (sighting: T) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): boolean => {
        const found = this.all.find((one) => !this.#taken.has(one) && wanted(one));
        if (found === undefined) return false;
        this.#taken.add(found);
        resolve(found);
        return true;
      };
      if (look()) return;
      if (this.#failure !== undefined) return reject(asError(this.#failure.error));
      this.#waiting.add(look);
      this.#giveUp.add((error) => reject(asError(error)));
    });
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
