import { decodeText } from './decode-text.js';
import { JsonProblem, placeOf } from './json-problem.js';
import type { Json } from '../../base/json/index.js';
import { pointerTo, setOwn } from '../../base/json/index.js';

export interface JsonLimits {
  readonly bytesMax: number;
  readonly depthMax: number;
}

const DEFAULT_JSON_LIMITS: JsonLimits = { bytesMax: 1024 * 1024, depthMax: 48 };

/**
 * Reads JSON (RFC 8259) from an unknown hand. Stricter than `JSON.parse`, which keeps the last of two equal keys,
 * rounds large integers, and tells an offset at best: equal keys, numbers that would change, lone surrogates, deep
 * nesting and anything but UTF-8 are refused with line, column and pointer.
 *
 * @throws JsonProblem
 */
export function readJson(bytes: Uint8Array, limits: Partial<JsonLimits> = {}): Json {
  const { bytesMax, depthMax } = { ...DEFAULT_JSON_LIMITS, ...limits };
  if (bytes.length > bytesMax) {
    throw new JsonProblem(`the file has ${bytes.length} bytes; ${bytesMax} are accepted`, '', 1, 1);
  }
  return new Reader(decodeText(bytes), depthMax).document();
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
// JSON forbids raw control characters inside strings.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LONE_SURROGATE = /\p{Surrogate}/u;
const WORD = /[A-Za-z0-9_.+-]+/y;
const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Reader {
  #at = 0;
  readonly #path: (string | number)[] = [];

  constructor(
    private readonly text: string,
    private readonly depthMax: number,
  ) {}

  document(): Json {
    this.#space();
    if (this.#at === this.text.length) throw this.#problem('the file is empty');
    const value = this.#value();
    this.#space();
    if (this.#at < this.text.length) throw this.#problem(`${this.#here()} after the end of the document`);
    return value;
  }

  #value(): Json {
    if (this.#path.length > this.depthMax) throw this.#problem(`nested more than ${this.depthMax} levels deep`);
    const first = this.text[this.#at];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"') return this.#string();
    const word = this.#match(WORD, false);
    const known = word === undefined ? undefined : WORDS.get(word);
    if (known !== undefined && word !== undefined) {
      this.#at += word.length;
      return known;
    }
    return this.#number();
  }

  #object(): Json {
    const object: Record<string, Json> = {};
    this.#at += 1;
    this.#space();
    if (this.#accept('}')) return object;
    do {
      this.#space();
      const keyAt = this.#at;
      if (this.text[keyAt] !== '"') throw this.#problem(`${this.#here()} where a key in double quotes should be`);
      const key = this.#string();
      if (Object.hasOwn(object, key)) throw this.#problem(`the key ${JSON.stringify(key)} is there twice`, keyAt, key);
      this.#space();
      if (!this.#accept(':')) throw this.#problem(`${this.#here()} where ":" should be`);
      setOwn(object, key, this.#child(key));
    } while (this.#accept(','));
    if (!this.#accept('}')) throw this.#problem(`${this.#here()} where "," or "}" should be`);
    return object;
  }

  #array(): Json {
    const array: Json[] = [];
    this.#at += 1;
    this.#space();
    if (this.#accept(']')) return array;
    do array.push(this.#child(array.length));
    while (this.#accept(','));
    if (!this.#accept(']')) throw this.#problem(`${this.#here()} where "," or "]" should be`);
    return array;
  }

  #child(key: string | number): Json {
    this.#path.push(key);
    this.#space();
    const value = this.#value();
    this.#space();
    this.#path.pop();
    return value;
  }

  #string(): string {
    const start = this.#at;
    const raw = this.#match(STRING);
    if (raw === undefined)
      throw this.#problem('a string that does not end, or holds a control character or bad escape');
    const value = JSON.parse(raw) as string;
    if (LONE_SURROGATE.test(value)) throw this.#problem('a string with half a surrogate pair', start);
    return value;
  }

  #number(): number {
    const start = this.#at;
    const raw = this.#match(NUMBER, false);
    if (raw === undefined || this.#match(WORD, false) !== raw) {
      throw this.#problem(`${this.#here()} where a value should be`);
    }
    this.#at += raw.length;
    const value = Number(raw);
    const isInteger = /^-?[0-9]+$/.test(raw);
    if (!Number.isFinite(value) || (isInteger && !Number.isSafeInteger(value))) {
      throw this.#problem('a number too large to be kept exactly', start);
    }
    return value;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #accept(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp, consume = true): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined && consume) this.#at += found.length;
    return found;
  }

  #here(): string {
    const code = this.text.codePointAt(this.#at);
    if (code === undefined) return 'the end of the file';
    return JSON.stringify(this.#match(WORD, false)?.slice(0, 40) ?? String.fromCodePoint(code));
  }

  #problem(problem: string, at = this.#at, ...key: string[]): JsonProblem {
    const { line, column } = placeOf(this.text, at);
    return new JsonProblem(problem, pointerTo([...this.#path, ...key]), line, column);
  }
}
