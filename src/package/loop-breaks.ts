import { setImmediate as turn } from 'node:timers/promises';

const AT_ONCE_MS = 5;

/** Lets long work over many small things give the event loop its turn every few milliseconds. */
export class LoopBreaks {
  #since = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.#since < AT_ONCE_MS) return;
    await turn();
    this.#since = performance.now();
  }
}
