import { CommanderError } from 'commander';
import { RunnerError, toFault } from '../base/errors/index.js';
import { complaintOf, UsageError } from './usage-error.js';

/** Anything thrown on the way, as the one error class of the library. */
export function failureOf(error: unknown): RunnerError {
  if (error instanceof RunnerError) return error;
  if (error instanceof UsageError) return usage(error.message, error.hint);
  if (!(error instanceof CommanderError)) return RunnerError.from(toFault(error));
  return new RunnerError('invalid_usage', complaintOf(error), { cause: error });
}

export const usage = (message: string, hint?: string): RunnerError =>
  new RunnerError('invalid_usage', message, hint === undefined ? {} : { hint });
