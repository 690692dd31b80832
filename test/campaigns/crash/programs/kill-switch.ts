/**
 * Counts the calls that change a file or start a process, and ends this process with SIGKILL at the one the plan names.
 *
 * INVARIANTS
 * - Loaded before the library, through `node --import preload.js`; without a plan in the environment nothing is counted.
 * - Between the decision and the end nothing else of this thread runs.
 */
import { fileClass } from './file-class.js';
import { PLAN_VARIABLE } from './plan.js';
import type { CallCounts, KillPlan, When } from './plan.js';
import { say } from './say.js';

const text = process.env[PLAN_VARIABLE];
const plan = text === undefined ? null : (JSON.parse(text) as KillPlan);
const counts = new Map<string, number>();
let counting = plan?.from === 'start';
let number = 0;

/** The operation begins: calls count from here. */
export function begin(): void {
  counting = plan !== null;
}

/** The operation is over. @returns what it consisted of */
export function end(): CallCounts {
  counting = false;
  return Object.fromEntries(counts);
}

/** What is to be done at a call: to die after it, at once or while the operation goes on, or amid it. */
export interface Meeting {
  readonly when: When;
  dieAmid(): never;
  dieAfter(): void;
}

/** @returns null: nothing is to be done. Does not return when this is the call to die before. */
export function meet(call: string, path: string): Meeting | null {
  if (!counting || plan === null) return null;
  const file = fileClass(path, plan);
  const kind = `${call}/${file}`;
  const nth = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, nth);
  const here = ++number;
  const point = plan.kill;
  if (point === null || point.call !== call || point.file !== file || point.nth !== nth) return null;
  const die = (): never => {
    say({ at: 'killed', point, number: here, path });
    process.kill(process.pid, 'SIGKILL');
    throw new Error('SIGKILL did not take this process');
  };
  if (point.when === 'before') die();
  const { when, afterMs } = point;
  const dieAfter = afterMs === 0 ? die : (): void => void setTimeout(() => counting && die(), afterMs);
  return { when, dieAmid: die, dieAfter };
}
