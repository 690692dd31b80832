/** How much of something a process may do unasked: so many at once, and so many per second in the long run. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledMs = performance.now();

  constructor(options: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#tokens = options.burst;
  }

  /** @returns false when none is left */
  take(): boolean {
    if (!this.has(1)) return false;
    this.#tokens -= 1;
    return true;
  }

  /** The clock is read only when there seem to be too few. */
  has(count: number): boolean {
    if (this.#tokens >= count) return true;
    const nowMs = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#filledMs) * this.#perSecond) / 1000);
    this.#filledMs = nowMs;
    return this.#tokens >= count;
  }
}
