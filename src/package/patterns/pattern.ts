import { createRequire } from 'node:module';
import type * as Re2 from 're2js';
import { translatePattern } from './translate.js';

/** Steps of the slowest pattern that were measured take 300 ns each. */
const STEPS_TO_COMPILE = 200;
const STEPS_TO_BEGIN = 5;
const SOURCE_LENGTH_MAX = 2_000;
const SIZE_MAX = 5_000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A pattern in an engine of linear time, made when it is first needed. It answers only where it understands pattern and
 * text as ECMAScript does.
 */
export class LinearPattern {
  #size: number | undefined;
  #engine: Re2.RE2JS | undefined;

  constructor(readonly source: string) {}

  /** Steps that a test of this text takes at most; endless where only another engine can answer. */
  stepsFor(text: string): number {
    this.#size ??= this.#translated()?.size ?? Infinity;
    if (this.#size === Infinity || LONE_SURROGATE.test(text)) return Infinity;
    const once = this.#engine === undefined ? STEPS_TO_COMPILE * this.#size + this.source.length : 0;
    return once + STEPS_TO_BEGIN + text.length * this.#size;
  }

  /** Whether the pattern is found anywhere in the text; undefined where only another engine can answer. */
  test(text: string): boolean | undefined {
    if (this.stepsFor(text) === Infinity) return undefined;
    try {
      this.#engine ??= load().RE2JS.compile(this.#translated()?.text ?? '');
      return this.#engine.test(text);
    } catch {
      // More repetitions than it takes.
      this.#size = Infinity;
      return undefined;
    }
  }

  #translated() {
    if (this.source.length > SOURCE_LENGTH_MAX || !isUnicodePattern(this.source)) return undefined;
    const translated = translatePattern(this.source);
    return translated !== undefined && translated.size <= SIZE_MAX ? translated : undefined;
  }
}

/** Loaded at the first pattern: few packages have one. */
const require = createRequire(import.meta.url);
const load = () => require('re2js') as typeof Re2;

function isUnicodePattern(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

/** More than a second of linear time; backtracking may be quicker, and is given up if it is not. */
const LINEAR_STEPS_MAX = 5_000_000;

/**
 * A pattern as it is tested inside a thread, where taking too long ends the thread: in linear time where that is
 * possible, else by backtracking.
 *
 * @throws SyntaxError for what is not an ECMAScript regular expression
 */
export function patternInThread(source: string): (text: string) => boolean {
  const native = backtracking(source);
  const linear = new LinearPattern(source);
  return (text) => {
    const told = linear.stepsFor(text) <= LINEAR_STEPS_MAX ? linear.test(text) : undefined;
    return told ?? native.test(text);
  };
}

/** JSON Schema asks for the `u` flag; patterns written without it in mind may need to go without. */
function backtracking(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}
