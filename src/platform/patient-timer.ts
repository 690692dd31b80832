import type { AwakeTime } from './awake-time.js';

/** A timer of Node beyond this fires at once. */
export const TIMER_MS_MAX = 2 ** 31 - 1;
/** So late, a timer was held up by something. */
const LATE_MS = 25;
/** A host that is held up again and again must come to a judgement all the same. */
const EXTENSIONS_MAX = 8;

/**
 * A timer that judges nobody before he was heard. Node fires what is due before it reads what came in meanwhile: after a
 * freeze, every deadline would pass with the answer waiting in the pipe.
 *
 * INVARIANTS
 * - Between the moment it is due and its work, everything that can be read is read (a whole poll phase, twice).
 * - Time in which the host did not run does not count; when it fires late it waits once more for as long as it was late,
 *   because the other side may have been held up with us, or may not have been able to write all of its answer.
 * - It comes to an end: it is put off a bounded number of times, each time by no more than its own length.
 */
export class PatientTimer {
  readonly #awake: AwakeTime;
  readonly #work: () => void;
  readonly #ms: number;
  #dueMs: number;
  #awakeDueMs: number;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #extensions = 0;
  #wasLate = false;
  #keepsAlive = true;
  #armed = true;

  constructor(awake: AwakeTime, work: () => void, ms: number) {
    this.#awake = awake;
    this.#work = work;
    this.#ms = Math.max(0, ms);
    awake.watch();
    this.#dueMs = performance.now() + this.#ms;
    this.#awakeDueMs = awake.nowMs() + this.#ms;
    this.#arm(this.#ms);
  }

  unref(): this {
    this.#keepsAlive = false;
    this.#timer?.unref();
    return this;
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#disarm();
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#due(), Math.min(TIMER_MS_MAX, ms));
    if (!this.#keepsAlive) this.#timer.unref();
  }

  #due(): void {
    const leftMs = this.#dueMs - performance.now();
    if (leftMs > 1) return this.#arm(leftMs); // longer than Node's timers can be
    const owedMs = Math.min(this.#owedMs(), this.#ms);
    if (owedMs < 1 || this.#extensions === EXTENSIONS_MAX)
      return this.#afterReading(() => this.#afterReading(this.#fire));
    this.#extensions += 1;
    this.#dueMs = performance.now() + owedMs;
    this.#arm(owedMs);
  }

  /** What it still has to wait. */
  #owedMs(): number {
    const asleepMs = this.#awakeDueMs - this.#awake.nowMs();
    const lateMs = performance.now() - this.#dueMs;
    if (lateMs < LATE_MS || this.#wasLate) return asleepMs;
    this.#wasLate = true;
    return Math.max(asleepMs, lateMs);
  }

  /** Immediates run after the poll phase. */
  #afterReading(next: () => void): void {
    this.#immediate = setImmediate(next);
  }

  readonly #fire = (): void => {
    this.#disarm();
    this.#work();
  };

  #disarm(): void {
    if (this.#armed) this.#awake.unwatch();
    this.#armed = false;
  }
}
