import { RunnerError, visibleJson } from '../base/errors/index.js';
import type { Colors } from './colors.js';
import { colorsFor, printable } from './colors.js';
import { commandLine } from './shell-words.js';
import type { Terminal } from './terminal.js';

/** A progress line that is wider than the terminal would not be overwritten by the next. */
const PROGRESS_CHARACTERS_MAX = 76;

export interface OutputOptions {
  readonly json: boolean;
  readonly color: boolean;
  /** Said after `procvision` in every hint: the store, when it was named on the command line. */
  readonly hintOptions: readonly string[];
}

/**
 * What a command says and where.
 *
 * INVARIANTS
 * - Standard output carries data alone: with `--json` one JSON value, a failure included. Everything meant for a person
 *   who watches goes to standard error.
 * - `next:` hints never with `--json`; progress only on a terminal and never with `--json`.
 * - Whatever a person reads goes through `printable`, here and nowhere else: text of algorithms, packages and callers is
 *   seen, never obeyed, and cannot begin a line of its own. JSON says the same in escapes: its data stay exact.
 * - A reader that leaves early (`| head`) ends the output quietly: `isClosed`, never an error. Data that a full disk does
 *   not take are told of on standard error (`written`): a script must not believe in half a file.
 */
export class Output {
  readonly colors: Colors;
  readonly #terminal: Terminal;
  readonly json: boolean;
  readonly #messages: Colors;
  readonly #hintOptions: readonly string[];
  #isClosed = false;
  #failed: NodeJS.ErrnoException | null = null;
  #progressShown = false;

  constructor(terminal: Terminal, { json, color, hintOptions }: OutputOptions) {
    const { stdout, stderr, env } = terminal;
    this.#terminal = terminal;
    this.json = json;
    this.#hintOptions = hintOptions;
    this.colors = colorsFor(stdout, env, color);
    this.#messages = colorsFor(stderr, env, color);
    for (const stream of [stdout, stderr]) {
      stream.on('error', (error) => {
        if (stream !== stdout) return; // nobody is left to tell
        this.#isClosed = true;
        if (error.code !== 'EPIPE') this.#failed ??= error;
      });
    }
  }

  /** Nobody reads the data any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A file is written at once, and says in the same turn of the loop if it was not. @throws RunnerError output_failed */
  async written(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#failed === null) return;
    const { message } = this.#failed;
    throw new RunnerError('output_failed', `The output could not be written: ${message}.`, { cause: this.#failed });
  }

  /** One line for a person. */
  text(line: string): void {
    this.#write(printable(line));
  }

  /** A whole document that other programs read too: no line of it is cut. */
  document(text: string): void {
    for (const line of text.split('\n')) this.#write(printable(line, Infinity));
  }

  value(value: unknown): void {
    this.#write(visibleJson(JSON.stringify(value, null, 2)));
  }

  /** A value on one line, within a longer one that is written piece by piece. */
  piece(before: string, value: unknown, after = ''): void {
    this.#write(`${before}${visibleJson(JSON.stringify(value))}${after}`);
  }

  note(message: string): void {
    this.#clearProgress();
    this.#terminal.stderr.write(`${printable(message)}\n`);
  }

  #write(line: string): void {
    this.#clearProgress();
    if (!this.#isClosed) this.#terminal.stdout.write(`${line}\n`);
  }

  warn(message: string): void {
    this.note(`${this.#messages.yellow('warning:')} ${message}`);
  }

  /** What one would do next, as a line to copy. */
  next(words: readonly string[]): void {
    if (this.json) return;
    this.note(`${this.#messages.dim('next:')} ${commandLine(['procvision', ...words, ...this.#hintOptions])}`);
  }

  /** A failure, for a program on standard output or for a person on standard error. */
  fail(failure: RunnerError): void {
    if (this.json) this.value(failure);
    else this.tell(failure);
  }

  /** A failure for a person, whatever the data look like. */
  tell({ code, faultName, message, hint }: RunnerError): void {
    const colors = this.#messages;
    this.note(`${colors.red('error:')} ${message} ${colors.dim(`(${code} ${faultName})`)}`);
    this.note(`${colors.dim('hint:')} ${hint}`);
  }

  progress(stage: string): void {
    if (this.json || this.#terminal.stderr.isTTY !== true) return;
    this.#progressShown = true;
    this.#terminal.stderr.write(`\r\u001b[K${printable(this.#messages.dim(stage), PROGRESS_CHARACTERS_MAX)}`);
  }

  #clearProgress(): void {
    if (this.#progressShown) this.#terminal.stderr.write('\r\u001b[K');
    this.#progressShown = false;
  }
}
