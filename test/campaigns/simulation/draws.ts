/**
 * Seeded draws (xorshift mixing, as mulberry32). Every part of the world has a stream of its own, named after what it
 * is for: leaving out an act of the day does not shift what another process or effect draws.
 */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A stream of its own. */
  fork(name: string): Draws {
    let hash = this.#state ^ 0x811c9dc5;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return new Draws(Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d));
  }

  /** Streams by name, each made once. */
  streams(): (name: string) => Draws {
    const known = new Map<string, Draws>();
    return (name) => {
      const stream = known.get(name) ?? this.fork(name);
      known.set(name, stream);
      return stream;
    };
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, below: number): number {
    return least + this.next() * (below - least);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** @throws when there is nothing to pick from */
  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error('there is nothing to pick from');
    return from[Math.floor(this.next() * from.length)] as T;
  }
}
