import { attemptId } from '../../protocol/index.js';
import type { PendingCall } from '../calls.js';
import { systemClock } from '../../platform/index.js';
import type { Clock } from '../../platform/index.js';
import { CallClock } from './call-clock.js';
import { traceOf } from './evidence.js';
import type { LastCall } from './evidence.js';
import { SettledCalls } from './settled-calls.js';
import type { DropReason } from './settled-calls.js';

/** An answer may overtake what its process wrote to standard error before: they are two pipes. */
const LINES_LATE_MS = 200;

/**
 * The call in flight in one process, its deadline, and what is remembered of those before it.
 *
 * INVARIANTS
 * - Each attempt is settled once: by its answer, by its deadline, or by the end of the process.
 * - Only the attempt's own id answers it: that of an earlier attempt at the same call does not.
 */
export class CallInFlight {
  readonly #time: Clock;
  readonly #clock: CallClock;
  readonly #settled = new SettledCalls();
  #id = 0;
  #requestId = '';
  #last: Omit<LastCall, 'running'> | null = null;
  #settledMs = -Infinity;

  /** @param overdue its deadline passed; it is not settled by that alone */
  constructor(overdue: (callId: number) => void, clock: Clock = systemClock) {
    this.#time = clock;
    this.#clock = new CallClock(overdue, clock);
  }

  /** 0 while there is none. */
  get id(): number {
    return this.#id;
  }

  /** The last call there was, running or not. */
  get last(): LastCall | null {
    return this.#last === null ? null : { ...this.#last, running: this.#id !== 0 };
  }

  /** The call a line of standard error that is read now was most likely written in; null when it was in none. */
  get speaking(): Omit<LastCall, 'running'> | null {
    return this.#id !== 0 || this.#time.nowMs() - this.#settledMs <= LINES_LATE_MS ? this.#last : null;
  }

  /** The call that has been running ever since this monotonic time; 0 when none has. */
  since(ms: number): number {
    return this.#clock.callSince(ms);
  }

  /**
   * Another attempt at a call begins.
   *
   * @returns the id it goes by in frames
   */
  begin(call: PendingCall): string {
    call.attempts += 1;
    call.reply = call.servedBy = null; // those of the attempt before
    this.#id = call.callId;
    this.#last = traceOf(call);
    return (this.#requestId = attemptId(call.fields.requestId, call.attempts));
  }

  startClock(deadlineMs: number): void {
    this.#clock.start(this.#id, deadlineMs);
  }

  isAnsweredBy(requestId: unknown): boolean {
    return this.#id !== 0 && requestId === this.#requestId;
  }

  /**
   * @param later what a further reply to it would be
   * @returns its id
   */
  settle(later: 'late' | 'duplicate'): number {
    const callId = this.#id;
    this.#id = 0;
    this.#settledMs = this.#time.nowMs();
    this.#clock.stop();
    this.#settled.add(this.#requestId, later);
    return callId;
  }

  reasonToDrop(requestId: string): DropReason {
    return this.#settled.reasonToDrop(requestId);
  }

  /** The conversation is over: nothing is waited for any more. */
  dispose(): void {
    this.#clock.dispose();
  }
}
