/**
 * Measures how long the event loop was held at a stretch: nothing else of the process runs meanwhile, no call, no
 * heartbeat, no timer.
 */

/** The Runner's goal is a tenth of this; the rest is for machines that are slow or busy. */
export const LOOP_HOLD_MAX_MS = 200;

const TICK_MS = 2;

export interface LoopHold {
  /** Longest stretch so far, milliseconds, the tick's own interval taken off. */
  readonly longestMs: number;
  stop(): void;
}

export function watchLoop(): LoopHold {
  let longestMs = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last - TICK_MS);
    last = now;
  };
  const timer = setInterval(look, TICK_MS);
  return {
    get longestMs() {
      look();
      return longestMs;
    },
    stop: () => clearInterval(timer),
  };
}

/** What a piece of work returns, and the longest hold of the loop while it went on. */
export async function longestHoldDuring<T>(work: () => T | Promise<T>): Promise<{ value: T; longestMs: number }> {
  const watch = watchLoop();
  try {
    const value = await work();
    return { value, longestMs: watch.longestMs };
  } finally {
    watch.stop();
  }
}
