/**
 * Which segments are out on lease.
 *
 * INVARIANTS
 * - A slot is free or leased, never both; every lease has a generation of its own.
 * - Only the lease whose generation is current gives a slot back, and only once: a late second return is refused and
 *   never frees the lease that came after it.
 */

export interface Segment {
  readonly sizeBytes: number;
  remove(): void;
}

interface Slot<S extends Segment> {
  readonly index: number;
  readonly sharedMemId: string;
  readonly segment: S;
}

export interface Taken<S extends Segment> {
  readonly slot: Slot<S>;
  readonly generation: number;
}

interface Entry<S extends Segment> extends Slot<S> {
  generation: number;
  leased: boolean;
}

export class Slots<S extends Segment> {
  readonly #entries: readonly Entry<S>[];
  /** The last returned is the last element. */
  readonly #free: Entry<S>[];

  constructor(prefix: string, count: number, segment: (sharedMemId: string) => S) {
    this.#entries = Array.from({ length: count }, (_, index) => {
      const sharedMemId = `${prefix}-${String(index).padStart(2, '0')}`;
      return { index, sharedMemId, segment: segment(sharedMemId), generation: 0, leased: false };
    });
    this.#free = this.#entries.toReversed();
  }

  /**
   * A free slot, if there is one: the last returned that is large enough, otherwise the last returned. One call at a
   * time therefore uses one segment, warm in the cache and in every reader's page tables, not the memory of all.
   */
  take(sizeBytes: number): Taken<S> | undefined {
    const fitting = this.#free.findLastIndex(({ segment }) => segment.sizeBytes >= sizeBytes);
    const [entry] = this.#free.splice(fitting, 1); // −1, none fits: the last one
    if (entry === undefined) return undefined;
    entry.leased = true;
    entry.generation += 1;
    return { slot: entry, generation: entry.generation };
  }

  /** Is this generation the one the slot is out on? */
  holds(index: number, generation: number): boolean {
    const entry = this.#entries[index];
    return entry !== undefined && entry.leased && entry.generation === generation;
  }

  /** True if the slot came back by this call. */
  giveBack(index: number, generation: number): boolean {
    const entry = this.#entries[index];
    if (entry === undefined || !this.holds(index, generation)) return false;
    entry.leased = false;
    this.#free.push(entry);
    return true;
  }

  stats(): { free: number; leased: number; bytes: number } {
    const bytes = this.#entries.reduce((sum, { segment }) => sum + segment.sizeBytes, 0);
    const leased = this.#entries.filter((entry) => entry.leased).length;
    return { free: this.#free.length, leased, bytes };
  }

  /** Ends every lease and removes every segment, also when one of them refuses; @returns what refused */
  close(): unknown[] {
    this.#free.length = 0;
    return this.#entries.flatMap((entry) => {
      entry.leased = false;
      try {
        entry.segment.remove();
        return [];
      } catch (error) {
        return [error];
      }
    });
  }
}
