import { RunnerError } from '../../../src/base/errors/index.js';

/** What a promise was refused with; undefined: it was kept. Anything but a RunnerError fails the test. */
export async function refusalOrNone(work: Promise<unknown>): Promise<RunnerError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
}

/** The same where a refusal is expected. */
export async function refusalOf(work: Promise<unknown>): Promise<RunnerError> {
  const refusal = await refusalOrNone(work);
  if (refusal === undefined) throw new Error('expected a refusal, but the promise was kept');
  return refusal;
}
