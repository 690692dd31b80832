const TICK_MS = 2;

/** For how long nothing else of this process could run at a stretch, at most, while a piece of work went on, in ms. */
export async function longestHoldDuring(work: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let lastMs = performance.now();
  const look = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - TICK_MS);
    lastMs = nowMs;
  };
  const ticks = setInterval(look, TICK_MS);
  try {
    await work();
    look();
    return longestMs;
  } finally {
    clearInterval(ticks);
  }
}
