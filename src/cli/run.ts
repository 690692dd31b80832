import { EXIT } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { buildProgram } from './program.js';
import type { Terminal } from './terminal.js';
import { isShownHelp } from './usage-error.js';

/** One command line from its words to its exit code. Never throws. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  // What help and version do without.
  const loaded = () => import('./execute.js');
  let exitCode: ExitCode = EXIT.done;
  const program = buildProgram(terminal, async (invocation) => {
    exitCode = await (await loaded()).execute(invocation, terminal);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return isShownHelp(error) ? EXIT.done : (await loaded()).tellMisuse(error, words, terminal);
  }
}
