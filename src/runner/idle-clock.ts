/** A timer beyond this fires at once; ours re-arms itself for what is left. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Tells when nothing happened for a while; one lazy timer that re-arms itself for what is left. */
export class IdleClock {
  readonly #idleMs: number;
  readonly #onIdle: () => unknown;
  #touchedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(idleMs: number, onIdle: () => unknown) {
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    this.#arm(idleMs);
  }

  touch(): void {
    this.#touchedMs = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(TIMER_MS_MAX, ms));
    this.#timer.unref();
  }

  #look(): void {
    const leftMs = this.#idleMs - (performance.now() - this.#touchedMs);
    if (leftMs > 0) return this.#arm(leftMs);
    this.#onIdle();
    if (this.#timer !== undefined) this.#arm(this.#idleMs);
  }
}
