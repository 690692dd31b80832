import { CommanderError } from 'commander';

/** Words that cannot be understood, before they are told as a failure: help and version do without the table of errors. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** What commander has against the words, on one line. */
export const complaintOf = ({ message }: CommanderError): string =>
  message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');

/** Help and version end a command line by being thrown; they are no failures. */
export const isShownHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;

/** Then the help was printed instead of a complaint. */
export const isMissingCommand = (error: unknown): boolean =>
  error instanceof CommanderError && error.code === 'commander.help';
