import { availableParallelism } from 'node:os';

/** As they were when this was loaded: a test of a host that stops the time must not stop every start for good. */
const { setImmediate: soon, setTimeout: later } = globalThis;

/** What a core is given to do at a time: about what Python takes to start with the SDK, or to leave. */
const PACE_MS = 40 / availableParallelism();

/**
 * What sets another process to work takes turns: one per turn of the event loop, no more than half of the time, and no
 * faster than the cores get it done. Starting a process copies the page tables of this one, and each process leads a
 * session of its own: of 64 that start or leave at once, calls would get the 64th part of the cores.
 */
export class Turns {
  readonly #paceMs: number;
  #last: Promise<void> = Promise.resolve();

  /** @param paceMs from one to the next at least */
  constructor(paceMs = PACE_MS) {
    this.#paceMs = paceMs;
  }

  /** @returns what it returns, once its turn has come */
  async take<T>(work: () => T): Promise<T> {
    const before = this.#last;
    let passOn: () => void = () => undefined;
    this.#last = new Promise((resolve) => (passOn = resolve));
    await before;
    await nextTurn();
    const beganMs = performance.now();
    try {
      return work();
    } finally {
      later(passOn, Math.max(performance.now() - beganMs, this.#paceMs));
    }
  }
}

/** Processes are started in this order. */
export const spawnTurns = new Turns();
/** Processes are asked to leave in this order. */
export const leaveTurns = new Turns();

const nextTurn = (): Promise<void> => new Promise((resolve) => void soon(resolve));
