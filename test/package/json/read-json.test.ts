import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonProblem } from '../../../src/package/json/json-problem.js';
import { readJson } from '../../../src/package/json/read-json.js';

const read = (text: string) => readJson(Buffer.from(text));

function problemOf(bytes: Uint8Array): JsonProblem {
  try {
    readJson(bytes);
  } catch (error) {
    if (error instanceof JsonProblem) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('strict JSON refuses, with the place,', () => {
  it.each([
    ['a key that is there twice', '{"a": 1,\n "a": 2}', 2, 2, '/a'],
    ['a number beyond any', '[1e999]', 1, 2, '/0'],
    ['a whole number that cannot be kept exactly', '{"a": 9007199254740993}', 1, 7, '/a'],
    ['a trailing comma', '[1,\n2,\n]', 3, 1, '/2'],
    ['a comment', '{ // no\n}', 1, 3, ''],
    ['single quotes', "{'a': 1}", 1, 2, ''],
    ['a number with a leading zero', '[01]', 1, 2, '/0'],
    ['NaN', '{"a": NaN}', 1, 7, '/a'],
    ['half a surrogate pair', '["\\ud800"]', 1, 2, '/0'],
    ['a raw line feed in a string', '["a\nb"]', 1, 2, '/0'],
    ['a string that does not end', '{"a": "b', 1, 7, '/a'],
    ['something after the end', '{} {}', 1, 4, ''],
    ['nothing at all', '', 1, 1, ''],
    ['nothing but space', ' \n ', 2, 2, ''],
  ])('%s', (_, text, line, column, pointer) => {
    const { line: l, column: c, pointer: p } = problemOf(Buffer.from(text));
    expect({ line: l, column: c, pointer: p }).toEqual({ line, column, pointer });
  });

  it('nesting far deeper than any manifest, without running out of stack', () => {
    expect(problemOf(Buffer.from('['.repeat(200_000))).problem).toContain('nested');
  });

  it('a byte that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{\n "é": "'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(problemOf(bytes)).toMatchObject({ line: 2, column: 8 });
  });

  it.each(['utf16le', 'latin1'] as const)('another encoding: %s', (encoding) => {
    expect(problemOf(Buffer.from('\ufeff{"größe": 1}', encoding)).problem).toContain('UTF-8');
  });

  it('more bytes than are accepted', () => {
    expect(() => readJson(Buffer.from('[1, 2, 3]'), { bytesMax: 8 })).toThrow('9 bytes; 8 are accepted');
  });
});

describe('strict JSON accepts', () => {
  it('a byte order mark', () => {
    expect(read('\ufeff{"a": [true, null]}')).toEqual({ a: [true, null] });
  });

  it('a string of a million characters, in good time', () => {
    const text = 'a\\n'.repeat(300_000);
    expect(read(`"${text}"`)).toBe('a\n'.repeat(300_000));
  });

  it('everything JSON.parse accepts, with the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/e\+\d{2}/.test(text) && !hasLargeInteger(value) && !/\\ud[89a-f]/.test(text));
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('nothing JSON.parse refuses', () => {
    const alphabet = fc.constantFrom(...'{}[]",:0123e.-truefalsn \\u');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          expect(() => read(text)).toThrow(JsonProblem);
          return;
        }
        try {
          expect(read(text)).toEqual(parsed);
        } catch (error) {
          // What we refuse beyond JSON: equal keys and numbers that cannot be kept.
          expect(error).toBeInstanceOf(JsonProblem);
          expect((error as JsonProblem).problem).toMatch(/twice|kept exactly/);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

const hasLargeInteger = (value: unknown): boolean =>
  JSON.stringify(value)
    .match(/-?\d{16,}/g)
    ?.some((digits) => !Number.isSafeInteger(Number(digits))) ?? false;
