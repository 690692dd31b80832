import { LineProblem } from './lines.js';

/** Real fields that matter have some hundred characters, and real lists some hundred fields. */
const FIELD_LENGTH_MAX = 16 * 1024;
const FIELDS_MAX = 2_000;

/**
 * Headers as in e-mail, by lower-case name, up to the first line that is none; a line that begins with a space
 * continues the one before. Only wanted fields are kept: a wheel may put its whole manual into another one.
 */
export class HeaderReader {
  readonly #fields = new Map<string, string[][]>();
  #count = 0;
  #length = 0;
  /** Where a continuation belongs; undefined after a field nobody wants. */
  #open: string[] | undefined;

  constructor(wanted: readonly string[]) {
    for (const name of wanted) this.#fields.set(name, []);
  }

  /** @returns whether there is more to come @throws LineProblem */
  take(line: string): boolean {
    if (/^[ \t]/.test(line)) {
      this.#append(line);
      return true;
    }
    const [, name = ''] = /^([!-9;-~]*):/.exec(line) ?? [];
    if (name === '') return false;
    const values = this.#fields.get(name.toLowerCase());
    this.#open = undefined;
    if (values === undefined) return true;
    if ((this.#count += 1) > FIELDS_MAX) throw new LineProblem(`has more than ${FIELDS_MAX} fields`);
    this.#open = [];
    this.#length = 0;
    values.push(this.#open);
    this.#append(line.slice(name.length + 1));
    return true;
  }

  #append(part: string): void {
    if (this.#open === undefined) return;
    if ((this.#length += part.length + 1) > FIELD_LENGTH_MAX)
      throw new LineProblem(`has a field of more than ${FIELD_LENGTH_MAX} characters`);
    this.#open.push(part.trim());
  }

  all(name: string): readonly string[] {
    return (this.#fields.get(name) ?? []).map((parts) => parts.join(' ').trim());
  }

  first(name: string): string | undefined {
    return this.all(name)[0];
  }
}
