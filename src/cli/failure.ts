import { CommanderError } from 'commander';
import { RunnerError } from '../index.js';

/** Anything thrown on the way, as the one error class of the library. */
export function failureOf(error: unknown): RunnerError {
  if (error instanceof RunnerError) return error;
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replace(/\n+/g, ' ');
    return new RunnerError('invalid_usage', message, { cause: error });
  }
  return new RunnerError('unknown_error', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Help and version end a command line by being thrown; they are no failures. */
export const isShownHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;

export const usage = (message: string, hint?: string): RunnerError =>
  new RunnerError('invalid_usage', message, hint === undefined ? {} : { hint });
