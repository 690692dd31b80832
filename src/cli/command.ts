import type { Option } from 'commander';
import type { Colors } from './colors.js';
import type { Context } from './context.js';
import { EXIT } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { failureOf } from './failure.js';
import type { Output } from './output.js';

/** What a command takes and does; its name and summary stand in the table of commands. */
export interface CommandSpec {
  /** Syntax and meaning: `['<release>', 'name@version']`. */
  readonly arguments?: readonly (readonly [syntax: string, meaning: string])[];
  readonly options?: readonly Option[];
  execute(context: Context, args: readonly unknown[], options: object, output: Output): Promise<ExitCode>;
}

type Described = Omit<CommandSpec, 'execute'>;

/** What a person gets to read. */
export interface Shown {
  /** The data, for standard output. */
  readonly lines: readonly string[];
  /** Data that are whole documents: no line of them is cut. */
  readonly documents?: readonly string[];
  /** About the data, for standard error. */
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
  /** What one would do next: the words after `procvision`. */
  readonly next?: readonly string[];
}

/** A command that brings one result. `run` works, `json` and `show` print: a program gets the one, a person the other. */
export interface ResultCommand<Args extends readonly unknown[], Options extends object, Data> extends Described {
  run(context: Context, args: Args, options: Options): Promise<Data>;
  json(data: Data): unknown;
  show(data: Data, colors: Colors): Shown;
  /** When a result can be a bad one. */
  exitCode?(data: Data): ExitCode;
}

export function resultCommand<Args extends readonly unknown[], Options extends object, Data>(
  command: ResultCommand<Args, Options, Data>,
): CommandSpec {
  return {
    ...command,
    async execute(context, args, options, output) {
      // What commander hands over is what the command's arguments and options declare.
      const data = await command.run(context, args as unknown as Args, options as Options);
      if (output.json) {
        output.value(command.json(data));
      } else {
        const { lines, documents = [], notes = [], warnings = [], next } = command.show(data, output.colors);
        for (const line of lines) output.text(line);
        for (const document of documents) output.document(document);
        for (const warning of warnings) output.warn(warning);
        for (const note of notes) output.note(note);
        if (next !== undefined) output.next(next);
      }
      return command.exitCode?.(data) ?? EXIT.done;
    },
  };
}

/** A command that brings many items, printed as they come: a JSON array written item by item, or a line for each. */
export interface StreamCommand<Args extends readonly unknown[], Options extends object, Item> extends Described {
  items(context: Context, args: Args, options: Options): AsyncIterable<Item>;
  json(item: Item): unknown;
  /** A line, or several. */
  show(item: Item, options: Options, colors: Colors): string | readonly string[];
}

export function streamCommand<Args extends readonly unknown[], Options extends object, Item>(
  command: StreamCommand<Args, Options, Item>,
): CommandSpec {
  return {
    ...command,
    async execute(context, args, options, output) {
      const items = command.items(context, args as unknown as Args, options as Options)[Symbol.asyncIterator]();
      // A failure before the first item is a failure like any other; later ones come too late for standard output.
      let item = await items.next();
      if (output.json) output.text(item.done === true ? '[]' : '[');
      while (item.done !== true && !output.isClosed && !context.signal.aborted) {
        const { value } = item;
        const next = await items.next().catch((error: unknown) => new LateFailure(failureOf(error)));
        const isLast = next instanceof LateFailure || next.done === true;
        if (output.json) output.piece('', command.json(value), isLast ? '\n]' : ',');
        else for (const line of [command.show(value, options as Options, output.colors)].flat()) output.text(line);
        if (next instanceof LateFailure) throw next;
        item = next;
      }
      await items.return?.();
      return EXIT.done;
    },
  };
}

/** A failure in the middle of the data: it is told on standard error even with `--json`. */
export class LateFailure extends Error {
  constructor(readonly failure: ReturnType<typeof failureOf>) {
    super(failure.message);
  }
}
