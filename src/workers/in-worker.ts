import { RunnerError } from '../errors/index.js';
import type { ExceededBudget } from './task.js';

export type TaskInput = string | Uint8Array;

/** What a thread is sent. */
export interface TaskMessage {
  readonly input: TaskInput;
  readonly outputSizeMax: number;
  /** One number: set to 1 when the work begins. */
  readonly begun: Int32Array;
}

/** What a thread answers; output and fault as JSON. */
export type TaskAnswer =
  { readonly output: string } | { readonly fault: string } | { readonly exceeded: ExceededBudget };

/** Makes a function the work of a thread: its RunnerErrors travel as faults, its output as JSON. */
export const inWorker =
  <Input extends TaskInput>(work: (input: Input) => unknown) =>
  async ({ input, outputSizeMax, begun }: TaskMessage): Promise<TaskAnswer> => {
    Atomics.store(begun, 0, 1);
    try {
      const output = JSON.stringify(await work(input as Input));
      return output.length > outputSizeMax ? { exceeded: 'size' } : { output };
    } catch (error) {
      if (error instanceof RangeError) return { exceeded: /call stack/.test(error.message) ? 'depth' : 'memory' };
      if (!(error instanceof RunnerError)) throw error;
      // Its cause stays in the thread.
      const fault = JSON.stringify(error.toFault());
      return { fault: fault.length > outputSizeMax ? JSON.stringify({ ...error.toFault(), details: {} }) : fault };
    }
  };
