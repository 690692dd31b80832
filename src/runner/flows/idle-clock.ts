import type { Clock, Timer } from '../../effects/index.js';
import type { Host } from '../host/host.js';

/** Tells when nothing happened for a while; one lazy timer that re-arms itself for what is left. */
export class IdleClock {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #onIdle: () => unknown;
  #touchedMs: number;
  #timer: Timer | undefined;

  constructor({ services: { clock } }: Pick<Host, 'services'>, idleMs: number, onIdle: () => unknown) {
    this.#clock = clock;
    this.#touchedMs = clock.awakeMs();
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    this.#arm(idleMs);
  }

  touch(): void {
    this.#touchedMs = this.#clock.awakeMs();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#look(), ms);
    this.#timer.unref();
  }

  #look(): void {
    const leftMs = this.#idleMs - (this.#clock.awakeMs() - this.#touchedMs);
    if (leftMs > 0) return this.#arm(leftMs);
    this.#onIdle();
    if (this.#timer !== undefined) this.#arm(this.#idleMs);
  }
}
