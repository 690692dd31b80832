/** How fast calls of one release end, to say when a refused caller may try again. */
const UNKNOWN_MS = 100;
const SHARE_OF_NEWEST = 0.2;

export class QueuePace {
  #lastMs: number | null = null;
  #intervalMs: number | null = null;

  /** A call has ended: one place is free. */
  settled(nowMs: number): void {
    if (this.#lastMs !== null) {
      const intervalMs = nowMs - this.#lastMs;
      this.#intervalMs =
        this.#intervalMs === null ? intervalMs : this.#intervalMs + SHARE_OF_NEWEST * (intervalMs - this.#intervalMs);
    }
    this.#lastMs = nowMs;
  }

  /** Milliseconds until a place should be free, at least 1. */
  get retryAfterMs(): number {
    return Math.max(1, Math.round(this.#intervalMs ?? UNKNOWN_MS));
  }
}
