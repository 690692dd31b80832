import { mulberry } from '../../store/support/random.js';

/** Numbers and choices of one case: all of them follow from its seed. */
export class Chance {
  readonly #draw: () => number;

  constructor(seed: number) {
    this.#draw = mulberry(seed);
  }

  /** A whole number from 0 up to, without, `below`. */
  below(below: number): number {
    return Math.floor(this.#draw() * below);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  isOneIn(count: number): boolean {
    return this.below(count) === 0;
  }
}

const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Bytes with a few things done to them that hurt readers. */
export function mutated(bytes: Buffer, chance: Chance): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let times = 1 + chance.below(4); times > 0; times--) changed = once(changed, chance);
  return changed;
}

function once(bytes: Buffer, chance: Chance): Buffer {
  if (bytes.length === 0) return Buffer.from([chance.below(256)]);
  const at = chance.below(bytes.length);
  const length = 1 + chance.below(Math.min(64, bytes.length - at));
  switch (chance.below(8)) {
    case 0:
      bytes[at] = chance.below(256);
      return bytes;
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
      return bytes;
    case 2:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(chance.of(NUMBERS), at);
      return bytes;
    case 3:
      if (at + 2 <= bytes.length) bytes.writeUInt16BE(chance.of(NUMBERS) & 0xffff, at);
      return bytes;
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    case 6:
      return bytes.subarray(0, at);
    case 7:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(chance.of(WORDS)), bytes.subarray(at)]);
  }
  return bytes;
}

/** What texts are made of that somebody wrote to do harm. */
export const WORDS: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', '../../x', '/etc/passwd', 'CON', 'a.', '\u0000', '\u202e', '\u2028'],
  ...['\ud800', '\ufeff', '\u001b[2J', '\f', '\r\n', '"', '\\', '{', '[', '[['.repeat(500), '9'.repeat(400), '1e999'],
  ...['-0', 'NaN', 'null', 'true', '(a+)+$', 'x'.repeat(70_000), '%s%n', '; rm', '=', '>=1,<2,'.repeat(50)],
];

/** A JSON value with one of its parts replaced, left out, doubled or nested. */
export function mutatedJson(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.isOneIn(6)) return oddValue(value, chance);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 0) return oddValue(value, chance);
  const at = chance.below(entries.length);
  if (Array.isArray(value)) {
    const items = [...(value as unknown[])];
    if (chance.isOneIn(4)) items.splice(at, 1);
    else if (chance.isOneIn(4)) items.splice(at, 0, ...Array.from({ length: 1 + chance.below(60) }, () => items[at]));
    else items[at] = mutatedJson(items[at], chance);
    return items;
  }
  const changed = entries.flatMap(([key, inner], i): [string, unknown][] => {
    if (i !== at) return [[key, inner]];
    if (chance.isOneIn(8)) return [];
    if (chance.isOneIn(8)) return [[chance.of(WORDS), inner]];
    return [[key, mutatedJson(inner, chance)]];
  });
  // Own properties, whatever they are called.
  return JSON.parse(`{${changed.map(([key, inner]) => `${JSON.stringify(key)}:${JSON.stringify(inner)}`).join(',')}}`);
}

function oddValue(value: unknown, chance: Chance): unknown {
  const deep = (levels: number): unknown => {
    let inner: unknown = value;
    for (let i = 0; i < levels; i++) inner = i % 2 === 0 ? [inner] : { a: inner };
    return inner;
  };
  return chance.of<() => unknown>([
    () => chance.of(WORDS),
    () => `${String(value)}${chance.of(WORDS)}`,
    () => chance.of([0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31)]),
    () => chance.of([null, true, false, [], {}, '']),
    () => deep(1 + chance.below(200)),
    () => Array.from({ length: chance.below(300) }, (_, i) => `${chance.of(WORDS).slice(0, 20)}${i}`),
    () => [value, value],
  ])();
}
