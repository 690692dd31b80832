import { AwakeTime } from './awake-time.js';
import { PatientTimer } from './patient-timer.js';

/**
 * Time as everything above the operating system sees it. One per Runner, so that a simulation can put its own in place
 * of the host's; XState takes the same object for the machines' delays.
 */
export interface Clock {
  /** Monotonic milliseconds: for durations. */
  nowMs(): number;
  /**
   * Monotonic milliseconds without those in which the host did not run (frozen, paused, held up by long work): for
   * deadlines of others, who cannot be heard in such a time.
   */
  awakeMs(): number;
  /** Unix milliseconds: for people, and for algorithms that log them. */
  wallMs(): number;
  setTimeout(work: () => void, ms: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

/** A timer that was armed. */
export interface Timer {
  /** It does not keep the host's process alive. */
  unref(): unknown;
}

const awake = new AwakeTime();

/** The host's own time. Its timers are patient: see PatientTimer. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  awakeMs: () => awake.nowMs(),
  wallMs: () => Date.now(),
  setTimeout: (work, ms) => new PatientTimer(awake, work, ms),
  clearTimeout: (timer) => (timer as PatientTimer | undefined)?.clear(),
};
