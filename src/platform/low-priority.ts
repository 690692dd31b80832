import { writeFileSync } from 'node:fs';
import type { Clock, Timer } from './clock.js';

/** About a ninth of the share of others on a busy core; on one that nobody else wants it costs nothing. */
const LOW = 10;
const USUAL = 0;
/** The kernel lets a user without privileges set one such value every tenth of a second. */
const AGAIN_MS = 120;
const ATTEMPTS_MAX = 100;

/**
 * The leader of a session, and all it starts, at low priority until it is raised.
 *
 * Linux shares the cores among sessions first (autogroup, see sched(7)): each process we start leads its own, in which
 * `nice` weighs it against itself alone. The session's own value may be lowered, and unlike `nice` raised again, by
 * whoever owns the process. Where there is no autogroup (a control group with CPU shares, another kernel) nothing happens.
 */
export class LowPriority {
  readonly #osPid: number;
  readonly #clock: Clock;
  readonly #set: typeof setSession;
  #timer: Timer | undefined;
  #isLow: boolean;
  #attempts = 0;

  /** @param forMs raised by itself after this time */
  constructor(osPid: number, clock: Clock, forMs: number, set: typeof setSession = setSession) {
    this.#osPid = osPid;
    this.#clock = clock;
    this.#set = set;
    this.#isLow = set(osPid, LOW) === 'set';
    if (this.#isLow) this.#raiseIn(forMs);
  }

  raise(): void {
    if (!this.#isLow) return;
    this.#clock.clearTimeout(this.#timer);
    this.#isLow = this.#set(this.#osPid, USUAL) === 'too_soon' && ++this.#attempts < ATTEMPTS_MAX;
    if (this.#isLow) this.#raiseIn(AGAIN_MS);
  }

  /** It is gone: its number may soon be another's. */
  forget(): void {
    this.#isLow = false;
    this.#clock.clearTimeout(this.#timer);
  }

  #raiseIn(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => this.raise(), ms);
    this.#timer.unref();
  }
}

function setSession(osPid: number, nice: number): 'set' | 'too_soon' | 'cannot' {
  try {
    writeFileSync(`/proc/${osPid}/autogroup`, `${nice}`, { flag: 'r+' });
    return 'set';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'too_soon' : 'cannot';
  }
}
