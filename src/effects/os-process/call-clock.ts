import { systemClock } from '../../platform/index.js';
import type { Clock, Timer } from '../../platform/index.js';

/**
 * The deadline of the call in flight: one lazy timer per process, because arming one per call costs more than the rest
 * of this file. A timer that fires early re-arms itself for what is left.
 */
export class CallClock {
  readonly #overdue: (callId: number) => void;
  readonly #clock: Clock;
  #callId = 0;
  #sinceMs = 0;
  #dueMs = 0;
  #timer: Timer | undefined;
  #timerDueMs = 0;

  constructor(overdue: (callId: number) => void, clock: Clock = systemClock) {
    this.#overdue = overdue;
    this.#clock = clock;
  }

  start(callId: number, deadlineMs: number): void {
    const nowMs = this.#clock.nowMs();
    this.#callId = callId;
    this.#sinceMs = nowMs;
    const awakeMs = this.#clock.awakeMs();
    this.#dueMs = awakeMs + deadlineMs;
    if (this.#timer !== undefined && this.#timerDueMs <= this.#dueMs) return;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#arm(awakeMs);
  }

  /** The call that has been in flight ever since this monotonic time, 0 when none has. */
  callSince(ms: number): number {
    return this.#sinceMs <= ms ? this.#callId : 0;
  }

  /** No call is in flight; the timer may fire for nothing. */
  stop(): void {
    this.#callId = 0;
  }

  /** The process is gone. */
  dispose(): void {
    this.#callId = 0;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(awakeMs: number): void {
    this.#timerDueMs = this.#dueMs;
    this.#timer = this.#clock.setTimeout(() => this.#fire(), Math.max(0, this.#dueMs - awakeMs));
    this.#timer.unref();
  }

  #fire(): void {
    this.#timer = undefined;
    if (this.#callId === 0) return;
    const awakeMs = this.#clock.awakeMs();
    if (awakeMs < this.#dueMs) return this.#arm(awakeMs);
    const callId = this.#callId;
    this.#callId = 0;
    this.#overdue(callId);
  }
}
