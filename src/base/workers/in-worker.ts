import { RunnerError } from '../errors/index.js';
import { Progress } from './progress.js';
import type { ExceededBudget } from './task.js';

export type TaskInput = string | Uint8Array;

/** What a thread is sent. */
export interface TaskMessage {
  readonly input: TaskInput;
  readonly outputSizeMax: number;
  /** Where the thread says that it began, and what it is at. */
  readonly progress: SharedArrayBuffer;
}

/** What a thread answers; output and fault as JSON. */
export type TaskAnswer =
  { readonly output: string } | { readonly fault: string } | { readonly exceeded: ExceededBudget };

/**
 * Work for a thread.
 *
 * @param at says what is worked on now, to be named if it goes over a budget
 */
export type Work<Input extends TaskInput> = (input: Input, at: (place: string) => void) => unknown;

/** Makes a function the work of a thread: its RunnerErrors travel as faults, its output as JSON. */
export const inWorker =
  <Input extends TaskInput>(work: Work<Input>) =>
  async ({ input, outputSizeMax, progress: shared }: TaskMessage): Promise<TaskAnswer> => {
    const progress = new Progress(shared);
    progress.begin();
    try {
      const output = JSON.stringify(await work(input as Input, (place) => progress.at(place)));
      return output.length > outputSizeMax ? { exceeded: 'size' } : { output };
    } catch (error) {
      if (error instanceof RangeError) return { exceeded: /call stack/.test(error.message) ? 'depth' : 'memory' };
      if (!(error instanceof RunnerError)) throw error;
      // Its cause stays in the thread.
      const fault = JSON.stringify(error.toFault());
      return { fault: fault.length > outputSizeMax ? JSON.stringify({ ...error.toFault(), details: {} }) : fault };
    }
  };
