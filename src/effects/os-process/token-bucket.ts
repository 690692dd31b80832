import { systemClock } from '../../platform/index.js';
import type { Clock } from '../../platform/index.js';

/** How much of something a process may do unasked: so many at once, and so many per second in the long run. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledMs: number;

  constructor(options: { readonly burst: number; readonly perSecond: number }, clock: Clock = systemClock) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#tokens = options.burst;
    this.#clock = clock;
    this.#filledMs = clock.nowMs();
  }

  /** @returns false when so many are not left; none are taken then */
  take(count = 1): boolean {
    if (this.#tokens < count) this.#fill(); // only now does the time matter
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#filledMs) * this.#perSecond) / 1000);
    this.#filledMs = nowMs;
  }
}
