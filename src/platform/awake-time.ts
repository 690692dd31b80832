/** Between two looks at the time. */
const LOOK_MS = 250;
/** A longer silence of the event loop is a gap; shorter ones are the ordinary life of a busy host. */
const GAP_MS = 2 * LOOK_MS;

/**
 * Monotonic time without the gaps in which this process did not run: stopped by a signal, frozen with its container, or
 * held up by long synchronous work. Nobody can be heard in a gap, so it must not count against anybody's deadline.
 *
 * INVARIANTS
 * - It never goes back, and is never faster than the monotonic time.
 * - It looks only while somebody waits, and its looks do not keep the process alive.
 */
export class AwakeTime {
  #lostMs = 0;
  #seenMs = 0;
  #waiting = 0;
  #look: NodeJS.Timeout | undefined;

  nowMs(): number {
    const nowMs = performance.now();
    return nowMs - this.#lostMs - this.#gapMs(nowMs);
  }

  /** Somebody began to wait: gaps are noticed from now on. */
  watch(): void {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#seenMs = performance.now();
    else if (this.#gapMs(performance.now()) === 0) return;
    // Also after a gap: whatever held up the look may have lost it.
    this.#notice();
    clearTimeout(this.#look);
    this.#arm();
  }

  unwatch(): void {
    if (this.#waiting === 1) this.#notice();
    this.#waiting -= 1;
    if (this.#waiting === 0) clearTimeout(this.#look);
  }

  #arm(): void {
    this.#look = setTimeout(() => {
      this.#notice();
      this.#arm();
    }, LOOK_MS);
    this.#look.unref();
  }

  #notice(): void {
    const nowMs = performance.now();
    this.#lostMs += this.#gapMs(nowMs);
    this.#seenMs = nowMs;
  }

  #gapMs(nowMs: number): number {
    return this.#waiting === 0 ? 0 : Math.max(0, nowMs - this.#seenMs - GAP_MS);
  }
}
