import type { Clock, Timer } from '../../../src/effects/index.js';

interface Armed extends Timer {
  readonly dueMs: number;
  /** Timers due together fire in the order they were armed. */
  readonly order: number;
  readonly host: HostClock | null;
  work: (() => void) | null;
}

/** Parts of a millisecond. */
const TICKS = 1024;

/**
 * Time that passes only when it is told to: a heap of timers by (due, order), fired one at a time.
 *
 * INVARIANTS
 * - It never goes back, and a timer never fires inside the call that arms it.
 * - Times are whole parts of a power of two, so that sums of them are exact: a deadline is never missed by a rounding.
 * - No wait is shorter than one part: whoever waits for what is left of a deadline gets there.
 */
export class SimulatedClock implements Clock {
  /** A promise was settled, or may have been: what waits for it has to have its turn before time goes on. */
  stirred = false;
  #nowMs = 0;
  #wallOffsetMs: number;
  #orders = 0;
  readonly #heap: Armed[] = [];

  /** @param wallMs what the calendar says when the day begins */
  constructor(wallMs: number) {
    this.#wallOffsetMs = wallMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  awakeMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return Math.round(this.#wallOffsetMs + this.#nowMs);
  }

  /** Somebody set the calendar: the monotonic time does not know. */
  setWallBy(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  setTimeout(work: () => void, ms: number, host: HostClock | null = null): Timer {
    const waitMs = ms > 0 ? Math.max(1, Math.round(ms * TICKS)) / TICKS : 0;
    const dueMs = this.#nowMs + waitMs;
    const armed: Armed = { dueMs, order: ++this.#orders, host, work, unref: itself };
    if (host !== null) host.armed += 1;
    this.#push(armed);
    return armed;
  }

  clearTimeout(timer: Timer | undefined): void {
    const armed = timer as Armed | undefined;
    if (armed === undefined || armed.work === null) return;
    armed.work = null;
    if (armed.host !== null) armed.host.armed -= 1;
  }

  /** Fires the timer due first. @returns false when none is armed */
  fireNext(): boolean {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      const { work, host } = next;
      if (work === null || host?.dead === true) continue;
      next.work = null;
      if (host !== null) host.armed -= 1;
      this.#nowMs = next.dueMs;
      work();
      return true;
    }
    return false;
  }

  #push(armed: Armed): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above] as Armed;
      if (isBefore(other, armed)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = armed;
  }

  #pop(): Armed | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Armed, heap[below] as Armed)) below += 1;
      if (isBefore(last, heap[below] as Armed)) break;
      heap[at] = heap[below] as Armed;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function itself(this: Armed): Armed {
  return this;
}

const isBefore = (a: Armed, b: Armed): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

/** One host's share of the time: it ends with the host, and knows how many timers it left. */
export class HostClock implements Clock {
  readonly #time: SimulatedClock;
  /** Timers that have not fired. */
  armed = 0;
  dead = false;

  constructor(time: SimulatedClock) {
    this.#time = time;
  }

  nowMs(): number {
    return this.#time.nowMs();
  }

  awakeMs(): number {
    return this.#time.nowMs();
  }

  wallMs(): number {
    return this.#time.wallMs();
  }

  setTimeout(work: () => void, ms: number): Timer {
    return this.#time.setTimeout(work, ms, this);
  }

  clearTimeout(timer: Timer | undefined): void {
    this.#time.clearTimeout(timer);
  }

  /** @returns a promise of this value, so many milliseconds from now */
  later<T>(ms: number, value: T): Promise<T> {
    return new Promise((resolve) => {
      this.setTimeout(() => {
        this.stir();
        resolve(value);
      }, ms);
    });
  }

  stir(): void {
    this.#time.stirred = true;
  }

  /** The host is gone: nothing it waited for happens. */
  die(): void {
    this.dead = true;
  }
}
