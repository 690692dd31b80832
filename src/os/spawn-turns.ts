/** As they were when this was loaded: a test of a host that stops the time must not stop every start for good. */
const { setImmediate: soon, setTimeout: later } = globalThis;

let last: Promise<void> = Promise.resolve();

/**
 * Starting a process copies the page tables of this one: some milliseconds that belong to whoever waits for a call. So
 * starts take turns: one per turn of the event loop, and no more than half of the time is spent on them.
 *
 * @returns what it returns, once its turn has come
 */
export async function atSpawnTurn<T>(spawn: () => T): Promise<T> {
  const before = last;
  let passOn: () => void = () => undefined;
  last = new Promise((resolve) => (passOn = resolve));
  await before;
  await nextTurn();
  const beganMs = performance.now();
  try {
    return spawn();
  } finally {
    later(passOn, performance.now() - beganMs);
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void soon(resolve));
