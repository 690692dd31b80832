/** Lines and characters of each that are kept. */
const LINES = 20;
const CHARACTERS = 500;

/** The last lines of a process's standard error: the likeliest reason for its end. */
export class LastWords {
  readonly #lines: string[] = [];

  hear(line: string): void {
    this.#lines.push(line.slice(0, CHARACTERS));
    if (this.#lines.length > LINES) this.#lines.shift();
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return [...this.#lines];
  }
}
