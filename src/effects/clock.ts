/**
 * Time as everything above the operating system sees it. One per Runner, so that a simulation can put its own in place
 * of the host's; XState takes the same object for the machines' delays.
 */
export interface Clock {
  /** Monotonic milliseconds: for every decision and every duration. */
  nowMs(): number;
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

/** The host's own time. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};
