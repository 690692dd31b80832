import { LateFailure } from './command.js';
import type { CommandSpec } from './command.js';
import { createContext } from './context.js';
import { EXIT, EXIT_CODES } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { failureOf, isShownHelp } from './failure.js';
import { Output } from './output.js';
import { buildProgram } from './program.js';
import type { Invocation } from './program.js';
import { watchSignals } from './signals.js';

/** One command line from its words to its exit code. Never throws. */
export async function runCli(words: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = buildProgram(async (invocation) => {
    exitCode = await execute(invocation);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (isShownHelp(error)) return EXIT.done;
    // The words could not be parsed, so that nobody parsed these options either.
    const output = new Output({ json: words.includes('--json'), color: !words.includes('--no-color'), hintOptions: [] });
    output.fail(failureOf(error));
    return EXIT.usage;
  }
}

async function execute({ command, args, options, output: outputOptions, store }: Invocation): Promise<ExitCode> {
  const output = new Output(outputOptions);
  const interruption = watchSignals((message) => output.note(message));
  const context = createContext(output, store, interruption.signal);
  try {
    const exitCode = await run(command, { context, args, options, output });
    return interruption.exitCode() ?? exitCode;
  } catch (error) {
    const late = error instanceof LateFailure;
    const failure = late ? error.failure : failureOf(error);
    if (late) output.tell(failure);
    else output.fail(failure);
    return interruption.exitCode() ?? EXIT_CODES[failure.faultName];
  }
}

const run = (
  command: CommandSpec,
  { context, args, options, output }: Pick<Invocation, 'args' | 'options'> & Pick<Parts, 'context' | 'output'>,
): Promise<ExitCode> => command.execute(context, args, options, output);

interface Parts {
  readonly context: ReturnType<typeof createContext>;
  readonly output: Output;
}
