import { LateFailure } from './command.js';
import { createContext } from './context.js';
import { EXIT_CODES } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { failureOf, usage } from './failure.js';
import { keysOf } from './keys.js';
import { Output } from './output.js';
import type { Invocation } from './program.js';
import { watchSignals } from './signals.js';
import type { Terminal } from './terminal.js';
import { isMissingCommand } from './usage-error.js';

/** One command from its understood words to its exit code. */
export async function execute(invocation: Invocation, terminal: Terminal): Promise<ExitCode> {
  const { command, args, options, presentation, store, mayAsk } = invocation;
  const output = new Output(terminal, presentation);
  const interruption = watchSignals((message) => output.note(message));
  const keys = mayAsk && !presentation.json ? keysOf(terminal) : null;
  const context = createContext(output, store, interruption, keys);
  try {
    const exitCode = await command.execute(context, args, options, output);
    await output.written();
    return interruption.exitCode() ?? exitCode;
  } catch (error) {
    const isLate = error instanceof LateFailure;
    const failure = isLate ? error.failure : failureOf(error);
    if (isLate || failure.faultName === 'output_failed') output.tell(failure);
    else output.fail(failure);
    return interruption.exitCode() ?? EXIT_CODES[failure.faultName];
  } finally {
    interruption.unwatch();
  }
}

/** Tells why the words of a command line could not be parsed. */
export function tellMisuse(error: unknown, words: readonly string[], terminal: Terminal): ExitCode {
  // Nobody parsed these options either.
  const json = words.includes('--json');
  const output = new Output(terminal, { json, color: !words.includes('--no-color'), hintOptions: [] });
  const failure = isMissingCommand(error) ? usage('No command was given.') : failureOf(error);
  if (json || !isMissingCommand(error)) output.fail(failure);
  return EXIT_CODES[failure.faultName];
}
