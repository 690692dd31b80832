import { expect } from 'vitest';
import { RunnerError } from '../../../src/base/errors/index.js';
import type { FaultName } from '../../../src/base/errors/index.js';

/** The RunnerError something fails with; anything else, success included, fails the test. */
export async function refused(work: unknown, name?: FaultName): Promise<RunnerError> {
  const outcome = await settle(work);
  if (!(outcome instanceof RunnerError)) throw new Error('it was not refused with a RunnerError', { cause: outcome });
  if (name !== undefined) expect(outcome.faultName).toBe(name);
  return outcome;
}

async function settle(work: unknown): Promise<unknown> {
  try {
    return await (typeof work === 'function' ? (work as () => unknown)() : work);
  } catch (error) {
    return error;
  }
}
