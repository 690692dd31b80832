import { RunnerError } from '../../../src/base/errors/index.js';

/** The RunnerError that `work` throws; anything else, or nothing, fails the test that asked. */
export function refusal(work: () => unknown): RunnerError {
  try {
    work();
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The same for work that is under way. */
export async function refusalOf(work: Promise<unknown>): Promise<RunnerError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
