import { Command, Option } from 'commander';
import { VERSION } from '../index.js';
import type { CommandSpec } from './command.js';
import { COMMANDS } from './commands/index.js';
import { usage } from './failure.js';
import type { OutputOptions } from './output.js';
import type { Terminal } from './terminal.js';

/** A command line, understood. */
export interface Invocation {
  readonly command: CommandSpec;
  readonly args: readonly unknown[];
  readonly options: object;
  readonly store: string;
  readonly presentation: OutputOptions;
  /** A command may wait for a key. */
  readonly mayAsk: boolean;
}

type OnCommand = (invocation: Invocation) => Promise<void>;

const DEFAULT_STORE = './runtime_store';

/** @throws CommanderError from its `parseAsync`, also for help and version */
export function buildProgram({ stdout, stderr, env }: Terminal, onCommand: OnCommand): Command {
  const program = new Command('procvision')
    .description('Validates, deploys, starts and calls offline algorithm packages for industrial vision.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addOption(new Option('--store <folder>', `folder of the store (PROCVISION_STORE, else ${DEFAULT_STORE})`))
    .option('--json', 'print one JSON value on standard output, failures included')
    .option('--no-color', 'print without colours, as NO_COLOR does')
    .option('--no-input', 'never wait for a key')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // A complaint is a failure like any other: run.ts tells it.
      outputError: () => undefined,
    })
    .addHelpText('after', EPILOGUE)
    .exitOverride();
  for (const command of COMMANDS) addCommand(program, command, env, onCommand);
  return program;
}

function addCommand(program: Command, command: CommandSpec, env: Terminal['env'], onCommand: OnCommand): void {
  const added = parentOf(program, command).command(command.name.split(' ').at(-1) ?? command.name);
  added.description(command.summary);
  for (const [syntax, meaning] of command.arguments ?? []) added.argument(syntax, meaning);
  for (const option of command.options ?? []) added.addOption(option);
  added.action(async () => {
    const {
      json = false,
      color = true,
      input: mayAsk = true,
      store: named,
    } = program.opts<{ json?: boolean; color?: boolean; input?: boolean; store?: string }>();
    if (named === '') throw usage('--store needs the name of a folder.');
    const fromEnvironment = env['PROCVISION_STORE'] ?? '';
    await onCommand({
      command,
      args: added.processedArgs,
      options: added.opts(),
      store: named ?? (fromEnvironment === '' ? DEFAULT_STORE : fromEnvironment),
      mayAsk,
      presentation: { json, color, hintOptions: named === undefined ? [] : ['--store', named] },
    });
  });
}

/** `trace show` lives under `trace`, which does nothing by itself. */
function parentOf(program: Command, { name }: CommandSpec): Command {
  const [group, own] = name.split(' ');
  if (group === undefined || own === undefined) return program;
  const known = program.commands.find((command) => command.name() === group);
  return known ?? program.command(group).description(GROUPS[group] ?? '');
}

const GROUPS: Readonly<Record<string, string>> = {
  trace: 'what every actor went through',
  audit: 'who did what, when, and how it ended',
};

const EPILOGUE = `
Exit codes: 0 done, 1 failed, 64 usage, 65 bad package, 69 unavailable, 75 try again, 78 configuration.
Data go to standard output, messages to standard error.`;
