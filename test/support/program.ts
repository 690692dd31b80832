import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { RunnerError } from '../../src/index.js';

/**
 * The command line of a program of the project (campaigns, benchmarks): what is wrong with its words is said with its usage,
 * `--help` is one of its options, and both end it as they end any command.
 */
const EXIT = { done: 0, failed: 1, usage: 64 } as const;

export class UsageError extends Error {}
class HelpAsked extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** @throws UsageError; what `runProgram` answers with the usage, where help is asked for */
export function parseOptions<const O extends Options>(args: readonly string[], options: O): Values<O> {
  let values: Readonly<Record<string, unknown>>;
  try {
    ({ values } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values['help'] === true) throw new HelpAsked();
  return values as unknown as Values<O>;
}

/** @throws UsageError */
export function wholeNumber<T>(option: string, given: string | undefined, usual: T, least = 0): number | T {
  if (given === undefined) return usual;
  const number = Number(given);
  if (given.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`--${option} wants a whole number from ${least} on, not ${JSON.stringify(given)}`);
}

/** @param work gets the words of the command line and answers with an exit code; may throw UsageError */
export async function runProgram(
  usage: string,
  work: (args: readonly string[]) => number | Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await work(process.argv.slice(2));
  } catch (error) {
    process.exitCode = answer(error, usage.trimEnd());
  }
}

function answer(error: unknown, usage: string): number {
  if (error instanceof HelpAsked) {
    process.stdout.write(`${usage}\n`);
    return EXIT.done;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return EXIT.usage;
  }
  // What somebody named and is not there; anything else is a defect, whose place matters.
  if (error instanceof RunnerError) process.stderr.write(`${error.message} (${error.code} ${error.faultName})\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}
