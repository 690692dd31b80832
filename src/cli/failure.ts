import { CommanderError } from 'commander';
import { RunnerError, toFault } from '../base/errors/index.js';

/** Anything thrown on the way, as the one error class of the library. */
export function failureOf(error: unknown): RunnerError {
  if (error instanceof RunnerError) return error;
  if (!(error instanceof CommanderError)) return RunnerError.from(toFault(error));
  return new RunnerError('invalid_usage', complaintOf(error), { cause: error });
}

/** What commander has against the words, on one line. */
export const complaintOf = ({ message }: CommanderError): string =>
  message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');

/** Help and version end a command line by being thrown; they are no failures. */
export const isShownHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;

/** Then the help was printed instead of a complaint. */
export const isMissingCommand = (error: unknown): boolean =>
  error instanceof CommanderError && error.code === 'commander.help';

export const usage = (message: string, hint?: string): RunnerError =>
  new RunnerError('invalid_usage', message, hint === undefined ? {} : { hint });
