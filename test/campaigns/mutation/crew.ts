import { Worker } from 'node:worker_threads';
import type { Caught } from './jury.js';
import type { Told } from './worker.js';

export interface Verdict {
  /** Number of the mutant among all. */
  readonly mutant: number;
  readonly caught: Caught | null;
  readonly seconds: number;
}

interface Assignment {
  readonly workers: number;
  readonly histories: number;
  /** Gives out the next mutant; undefined: no more. */
  readonly next: () => number | undefined;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** Far longer than the checks of any mutant take that comes to an end. */
const ENDLESS_MS = 180_000;

/**
 * Workers judge mutants until there are no more; one that never comes to an end is taken away, which is a verdict.
 *
 * @returns checks that find something without a mutant
 */
export async function crew(assignment: Assignment): Promise<readonly string[]> {
  const reds = new Set<string>();
  await Promise.all(Array.from({ length: assignment.workers }, () => member(assignment, reds)));
  return [...reds];
}

async function member(assignment: Assignment, reds: Set<string>): Promise<void> {
  for (let isOver = false; !isOver;) isOver = await shift(assignment, reds);
}

/** The working life of one thread. @returns whether there are no more mutants */
function shift({ histories, next, onVerdict }: Assignment, reds: Set<string>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { histories } });
    let watchdog: NodeJS.Timeout | undefined;
    const end = (isOver: boolean): void => {
      clearTimeout(watchdog);
      void worker.terminate().then(() => resolve(isOver));
    };
    const assign = (): void => {
      const mutant = next();
      if (mutant === undefined) return end(true);
      watchdog = setTimeout(() => {
        const what = `nothing comes to an end within ${ENDLESS_MS / 1000} s`;
        onVerdict({ mutant, caught: { by: 'properties', check: 'watchdog', what }, seconds: ENDLESS_MS / 1000 });
        end(false);
      }, ENDLESS_MS);
      worker.postMessage(mutant);
    };
    worker.on('message', (told: Told) => {
      clearTimeout(watchdog);
      for (const red of told.red) reds.add(red);
      if ('mutant' in told) onVerdict(told);
      assign();
    });
    worker.on('error', (error) => {
      clearTimeout(watchdog);
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
