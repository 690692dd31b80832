import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from '../../src/index.js';
import type { Span } from './spans.js';

/** One who inspects products of a PID: a flow each, some calls in each flow, one call every `everyMs`. */
export interface Caller {
  readonly pid: string;
  readonly everyMs: number;
  readonly callsPerFlow: number;
}

/** When a call that worked ran. */
export interface SteadyCall extends Span {
  readonly pid: string;
}

/**
 * Callers at a steady pace, as lines of products have it, not one call upon the other's heels: what is measured is what
 * a call takes, not how long it stands in a queue of the benchmark's own making. They begin staggered.
 *
 * @returns ends the load and gives its calls; rejects with the first one that did not work
 */
export function steadyLoad(runner: Runner, callers: readonly Caller[]): () => Promise<readonly SteadyCall[]> {
  const calls: SteadyCall[] = [];
  let stopped = false;
  const inspect = async ({ pid, everyMs, callsPerFlow }: Caller, offsetMs: number): Promise<void> => {
    await sleep(offsetMs);
    let dueMs = performance.now();
    while (!stopped) {
      const flow = runner.openFlow({ pid });
      for (let i = 0; i < callsPerFlow && !stopped; i++) {
        const fromMs = performance.now();
        const result = await flow.execute(1);
        const toMs = performance.now();
        if (result.status === 'ERROR') throw new Error(`a call of ${pid} failed: ${result.fault.message}`);
        calls.push({ pid, fromMs, toMs });
        // One that comes late does not make the next ones come in a crowd.
        dueMs = Math.max(dueMs + everyMs, toMs);
        await sleep(dueMs - toMs);
      }
      flow.close();
    }
  };
  const ended = Promise.all(callers.map((caller, i) => inspect(caller, (i * caller.everyMs) / callers.length)));
  ended.catch(() => undefined); // whoever ends the load is told
  return async () => {
    stopped = true;
    await ended;
    return calls;
  };
}
