/** Threads with budgets for what outside hands wrote. A leaf: the folders that own the work bring their tasks. */
import { TaskPool } from './task-pool.js';
import type { TaskInput } from './in-worker.js';
import type { TaskOptions } from './task-pool.js';
import type { Task } from './task.js';

export { inWorker } from './in-worker.js';
export type { TaskInput } from './in-worker.js';
export { task, TaskExceeded } from './task.js';
export type { ExceededBudget, Task, TaskBudget } from './task.js';
export type { TaskOptions } from './task-pool.js';

/** One for the process: several Runners in it share their threads. */
const pool = new TaskPool();
let holders = 0;

/**
 * Does a task in a thread, started when there is none free.
 *
 * @param input bytes or text, which the work itself takes apart
 * @throws TaskExceeded when it went over a budget; RunnerError that the work threw; the signal's reason
 */
export const runTask = <Output>(task: Task<Output>, input: TaskInput, options: TaskOptions): Promise<Output> =>
  pool.run(task, input, options);

/** Keeps the threads for a Runner; they end when the last one lets go. @returns lets go, once */
export function holdThreads(): () => Promise<void> {
  let held = true;
  holders += 1;
  return async () => {
    if (!held) return;
    held = false;
    holders -= 1;
    if (holders === 0) await pool.close();
  };
}
