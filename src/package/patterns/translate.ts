import { complement, DIGITS, NO_LINE_END, SPACE, union, WORD } from './code-points.js';
import type { CodePoints } from './code-points.js';

export interface Translated {
  /** In the syntax of RE2, with the same meaning as the ECMAScript pattern under the flag `u`. */
  readonly text: string;
  /** How many steps one character may take: the parts of the pattern, repetitions written out. */
  readonly size: number;
}

/** Deeper groups are left to an engine that is given up after a while. */
const DEPTH_MAX = 50;

/**
 * An ECMAScript pattern in the syntax of RE2; undefined for what RE2 cannot express, or might understand differently:
 * look-around, back-references, Unicode properties (each engine has its own tables), lone surrogates, modifiers.
 * Every class and escape is written out as code points, so that nothing depends on how RE2 reads it.
 *
 * @param source valid under the flag `u`
 */
export function translatePattern(source: string): Translated | undefined {
  try {
    return new Translation(source).whole();
  } catch (error) {
    if (error instanceof Inexpressible) return undefined;
    throw error;
  }
}

class Inexpressible extends Error {}

interface Part {
  readonly text: string;
  readonly size: number;
  /** An assertion takes no repetition. */
  readonly repeats: boolean;
}

const CONTROL: ReadonlyMap<string, number> = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
]);
const CLASSES: ReadonlyMap<string, CodePoints> = new Map([
  ['d', DIGITS],
  ['D', complement(DIGITS)],
  ['w', WORD],
  ['W', complement(WORD)],
  ['s', SPACE],
  ['S', complement(SPACE)],
]);
const SYNTAX = '^$\\.*+?()[]{}|/';
const COUNT = /\{(\d{1,9})(?:(,)(\d{1,9})?)?\}/y;
const GROUP_NAME = /<[^>=!][^>]*>/y;
const CODE_ESCAPE = /x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?/y;

class Translation {
  #at = 0;
  #depth = 0;

  constructor(private readonly source: string) {}

  whole(): Translated {
    const translated = this.#alternatives();
    if (this.#at < this.source.length) throw new Inexpressible();
    return translated;
  }

  #alternatives(): Translated {
    const texts: string[] = [];
    let size = 1;
    while (this.#at < this.source.length && this.source[this.#at] !== ')') {
      if (this.#take('|')) {
        texts.push('|');
        size += 1;
        continue;
      }
      const part = this.#repeated(this.#part());
      texts.push(part.text);
      size += part.size;
    }
    return { text: texts.join(''), size };
  }

  #part(): Part {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return one(this.#class());
    if (this.#take('.')) return one(NO_LINE_END);
    if (this.#take('^')) return { text: '\\A', size: 1, repeats: false };
    if (this.#take('$')) return { text: '\\z', size: 1, repeats: false };
    if (!this.#take('\\')) return one(pointOf(this.#literal()));
    if (this.#take('b')) return { text: '\\b', size: 1, repeats: false };
    if (this.#take('B')) return { text: '\\B', size: 1, repeats: false };
    return one(this.#escape(SYNTAX));
  }

  #group(): Part {
    if (this.#take('?') && !this.#take(':') && this.#match(GROUP_NAME) === undefined) throw new Inexpressible();
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new Inexpressible();
    const { text, size } = this.#alternatives();
    this.#depth -= 1;
    if (!this.#take(')')) throw new Inexpressible();
    return { text: `(?:${text})`, size, repeats: true };
  }

  /** Lazy or greedy is the same for whether a text matches. */
  #repeated(part: Part): Part {
    const repetition = this.#repetition();
    if (repetition === undefined) return part;
    if (!part.repeats) throw new Inexpressible();
    this.#take('?');
    return { text: `${part.text}${repetition.text}`, size: (part.size + 1) * repetition.times, repeats: false };
  }

  #repetition(): { text: string; times: number } | undefined {
    for (const text of ['*', '+', '?']) if (this.#take(text)) return { text, times: 1 };
    if (this.source[this.#at] !== '{') return undefined;
    const found = this.#match(COUNT);
    if (found === undefined) throw new Inexpressible();
    const [text, low, , high] = found;
    return { text, times: Math.max(Number(low) + 1, Number(high ?? 0)) };
  }

  #class(): CodePoints {
    const isNegated = this.#take('^');
    const sets: CodePoints[] = [];
    while (!this.#take(']')) {
      const first = this.#classPart();
      const isRange = this.source[this.#at] === '-' && this.source[this.#at + 1] !== ']';
      if (!isRange) {
        sets.push(first);
        continue;
      }
      this.#at += 1;
      sets.push([[only(first), only(this.#classPart())]]);
    }
    const set = union(...sets);
    return isNegated ? complement(set) : set;
  }

  #classPart(): CodePoints {
    if (!this.#take('\\')) return pointOf(this.#codePoint());
    return this.#take('b') ? pointOf(0x08) : this.#escape(`${SYNTAX}-`);
  }

  #escape(syntax: string): CodePoints {
    const next = this.source[this.#at] ?? '';
    const set = CLASSES.get(next);
    const control = CONTROL.get(next);
    if (set === undefined && control === undefined && (next === '' || !syntax.includes(next))) {
      return pointOf(this.#codeEscape());
    }
    this.#at += 1;
    return set ?? pointOf(control ?? next.charCodeAt(0));
  }

  #codeEscape(): number {
    const [, byte, braced, unit, low] = this.#match(CODE_ESCAPE) ?? [];
    const hex = byte ?? braced ?? unit;
    if (hex === undefined) throw new Inexpressible();
    const code = parseInt(hex, 16);
    if (low === undefined) return scalar(code);
    const lowUnit = parseInt(low, 16);
    return scalar(code >= 0xd800 && code <= 0xdbff ? ((code - 0xd800) << 10) + (lowUnit - 0xdc00) + 0x10000 : lowUnit);
  }

  #literal(): number {
    if (SYNTAX.includes(this.source[this.#at] ?? '') && this.source[this.#at] !== '/') throw new Inexpressible();
    return this.#codePoint();
  }

  #codePoint(): number {
    const code = this.source.codePointAt(this.#at);
    if (code === undefined) throw new Inexpressible();
    this.#at += code > 0xffff ? 2 : 1;
    return scalar(code);
  }

  #take(text: string): boolean {
    if (this.source[this.#at] !== text) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }
}

/** Half of a surrogate pair is no code point an engine of code points knows. */
function scalar(code: number): number {
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw new Inexpressible();
  return code;
}

const pointOf = (code: number): CodePoints => [[code, code]];

/** The one code point of a set, as the end of a range. */
function only(set: CodePoints): number {
  const [range, ...others] = set;
  if (range === undefined || others.length > 0 || range[0] !== range[1]) throw new Inexpressible();
  return range[0];
}

function one(set: CodePoints): Part {
  const hex = (code: number): string => `\\x{${code.toString(16)}}`;
  const ranges = set.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`));
  // RE2 has no way to write a class without members.
  const text = ranges.length === 0 ? '[^\\x{0}-\\x{10ffff}]' : `[${ranges.join('')}]`;
  return { text, size: 1, repeats: true };
}
