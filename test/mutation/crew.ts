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

/** Workers judge mutants until there are no more; one that never comes to an end is taken away, which is a verdict. */
export async function crew(assignment: Assignment): Promise<readonly string[]> {
  const reds = await Promise.all(Array.from({ length: assignment.workers }, () => member(assignment)));
  return reds[0] ?? [];
}

async function member(assignment: Assignment): Promise<readonly string[]> {
  for (;;) {
    const { red, isOver } = await shift(assignment);
    if (isOver) return red;
  }
}

/** The working life of one thread. */
function shift({ histories, next, onVerdict }: Assignment): Promise<{ red: readonly string[]; isOver: boolean }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { histories } });
    let red: readonly string[] = [];
    let watchdog: NodeJS.Timeout | undefined;
    const end = (isOver: boolean): void => {
      clearTimeout(watchdog);
      void worker.terminate().then(() => resolve({ red, isOver }));
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
      if ('red' in told) red = told.red;
      else onVerdict(told);
      assign();
    });
    worker.on('error', (error) => {
      clearTimeout(watchdog);
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
