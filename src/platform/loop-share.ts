/** As it was when this was loaded: a test of a host that stops the time must not stop this for good. */
const { setImmediate: soon } = globalThis;

/** Of one turn of the event loop, for all of this together. */
const SHARE_MS = 5;

const waiting: (() => void)[] = [];
let spentMs = 0;
let isSpending = false;
let isRenewing = false;

/**
 * What comes in crowds (64 processes that start or end at once, the files of an installation) takes a share of each
 * turn of the event loop, so that calls, heartbeats and timers get theirs. Without a crowd it is done at once.
 *
 * INVARIANTS
 * - First come, first served; nothing is dropped.
 * - What one piece throws costs the others nothing.
 *
 * @param piece takes a millisecond or two at most
 */
export function inLoopShare(piece: () => void): void {
  // What a piece asks for is part of it.
  if (isSpending) return piece();
  if (waiting.length > 0 || spentMs >= SHARE_MS) waiting.push(piece);
  else spend(piece);
}

/** The same for a piece that is waited for. @returns what it returns */
export const loopShareOf = <T>(piece: () => T): Promise<T> =>
  new Promise((resolve) => inLoopShare(() => resolve(new Promise((settle) => settle(piece())))));

function spend(piece: () => void): void {
  const beganMs = performance.now();
  isSpending = true;
  if (!isRenewing) soon(renew);
  isRenewing = true;
  try {
    piece();
  } finally {
    isSpending = false;
    spentMs += performance.now() - beganMs;
  }
}

/** At the next turn: those that wait come first. */
function renew(): void {
  isRenewing = false;
  spentMs = 0;
  for (let next = waiting.shift(); next !== undefined; next = spentMs < SHARE_MS ? waiting.shift() : undefined)
    spend(next);
}
