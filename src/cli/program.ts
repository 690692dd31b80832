import { Command, Option } from 'commander';
import { VERSION } from '../runner/version.js';
import type { CommandSpec } from './command.js';
import { COMMANDS, GROUPS } from './commands/index.js';
import type { CommandEntry } from './commands/index.js';
import type { OutputOptions } from './output.js';
import type { Terminal } from './terminal.js';
import { complaintOf, isShownHelp, UsageError } from './usage-error.js';

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
  const asked: Asked = { program, env, onCommand };
  for (const entry of COMMANDS) addCommand(entry, asked);
  for (const parent of [...program.commands.filter(({ commands }) => commands.length > 0), program])
    addHelpCommand(program, parent);
  return program;
}

interface Asked {
  readonly program: Command;
  readonly env: Terminal['env'];
  readonly onCommand: OnCommand;
}

/** By its name and summary alone; what it takes is known once it is loaded, before its words are parsed. */
function addCommand(entry: CommandEntry, asked: Asked): void {
  const parent = parentOf(asked.program, entry);
  const own = parent.command(entry.name.split(' ').at(-1) ?? entry.name).description(entry.summary);
  own.exitOverride((error) => {
    throw isShownHelp(error) ? error : new UsageError(complaintOf(error), `See \`procvision help ${entry.name}\`.`);
  });
  parent.hook('preSubcommand', async (_parent, chosen) => {
    if (chosen === own) declare(own, await entry.load(), asked);
  });
}

function declare(own: Command, command: CommandSpec, { program, env, onCommand }: Asked): void {
  for (const [syntax, meaning] of command.arguments ?? []) own.argument(syntax, meaning);
  for (const option of command.options ?? []) own.addOption(option);
  own.action(async () => {
    const {
      json = false,
      color = true,
      input: mayAsk = true,
      store: named,
    } = program.opts<{ json?: boolean; color?: boolean; input?: boolean; store?: string }>();
    if (named === '') throw new UsageError('--store needs the name of a folder.');
    const fromEnvironment = env['PROCVISION_STORE'] ?? '';
    await onCommand({
      command,
      args: own.processedArgs,
      options: own.opts(),
      store: named ?? (fromEnvironment === '' ? DEFAULT_STORE : fromEnvironment),
      mayAsk,
      presentation: { json, color, hintOptions: named === undefined ? [] : ['--store', named] },
    });
  });
}

/** `trace show` lives under `trace`, which does nothing by itself. */
function parentOf(program: Command, { name }: CommandEntry): Command {
  const [group, own] = name.split(' ');
  if (group === undefined || own === undefined) return program;
  const known = program.commands.find((command) => command.name() === group);
  return known ?? program.command(group).description(GROUPS[group] ?? '');
}

/** Commander's own would print the help of a command that is not loaded; this one asks with `--help`, which loads it. */
function addHelpCommand(program: Command, parent: Command): void {
  const path = parent === program ? [] : [parent.name()];
  parent
    .helpCommand(false)
    .command('help [command...]')
    .description('print the arguments and options of a command')
    .action(async (words: readonly string[]) => {
      let asked = parent;
      for (const word of words) {
        const known = asked.commands.find((command) => command.name() === word);
        if (known === undefined) throw await unknownCommand([...path, ...words].join(' '));
        asked = known;
      }
      await program.parseAsync([...path, ...words, '--help'], { from: 'user' });
    });
}

async function unknownCommand(asked: string): Promise<UsageError> {
  const { didYouMean } = await import('../base/errors/index.js');
  const near = didYouMean(asked, [...COMMANDS.map(({ name }) => name), ...Object.keys(GROUPS)]);
  return new UsageError(`There is no command "${asked}".`, `${near} See \`procvision --help\`.`.trimStart());
}

const EPILOGUE = `
Exit codes: 0 done, 1 failed, 64 usage, 65 bad package, 69 unavailable, 75 try again, 78 configuration.
Data go to standard output, messages to standard error.`;
