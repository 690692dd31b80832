import { setTimeout as pause } from 'node:timers/promises';
import { nowMs } from './clock.js';

const LOOK_EVERY_MS = 10;

export interface Wanted {
  readonly switches: number;
  readonly seconds: number;
  readonly kills: number;
}

/** How far a campaign has come, and when it is over: all minimums reached, or the limit on time. */
export class Goals {
  readonly wanted: Wanted;
  readonly limitMs: number;
  readonly #beganMs = nowMs();
  switches = 0;
  kills = 0;

  constructor(wanted: Wanted) {
    this.wanted = wanted;
    this.limitMs = 60_000 + 1000 * wanted.seconds + 1500 * wanted.switches + 500 * wanted.kills;
  }

  get elapsedMs(): number {
    return nowMs() - this.#beganMs;
  }

  get isCut(): boolean {
    return this.elapsedMs > this.limitMs;
  }

  get areMet(): boolean {
    return this.#share === 1 && this.kills >= this.wanted.kills;
  }

  /** Kills come evenly along the way. */
  async nextKill(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#isKillDue) await pause(LOOK_EVERY_MS);
  }

  /** @returns when all is reached, the time is over, or somebody interrupts */
  async reached(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.areMet && !this.isCut) await pause(LOOK_EVERY_MS);
  }

  get #isKillDue(): boolean {
    return this.kills < this.wanted.kills && this.kills / this.wanted.kills <= this.#share;
  }

  /** Share of the way, kills aside. */
  get #share(): number {
    const { switches, seconds } = this.wanted;
    const ofSwitches = switches === 0 ? 1 : this.switches / switches;
    const ofSeconds = seconds === 0 ? 1 : this.elapsedMs / 1000 / seconds;
    return Math.min(1, ofSwitches, ofSeconds);
  }
}
