import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearPattern } from '../../../src/package/patterns/pattern.js';

/** Parts of patterns on which engines are known to differ, beside ordinary ones. */
const ATOMS = [
  ...['a', 'b', 'c', '.', '^', '$', '\\b', '\\B', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', ' ', '-', '/', '\\/'],
  ...['[a-c]', '[^a-c]', '[\\d_]', '[^\\s]', '[\\W\\d]', '[]', '[^]', '[\\b]', '[a\\-c]', '[-a]', '[a-]', '[.*+]'],
  ...['é', '😀', '[^😀]', '\\u{1F600}', '\\uD83D\\uDE00', '\\n', '\\x41', '\\.', 'ſ', 'K', '\\u2028', '(?:)', '\\p{L}'],
];
const COUNTS = ['', '', '', '*', '+', '?', '*?', '+?', '{2}', '{0}', '{1,2}', '{0,2}?', '{2,}', '{,2}'];
const TEXTS = [...'abcAK09_ \n\r\u2028\u00a0\ufeffé-.*\b\0ſ/]x\v\u3000'.split(''), '😀', 'K'];

const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(...ATOMS),
    fc.tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
    fc.tuple(tie('pattern'), tie('pattern')).map((sides) => sides.join('|')),
  ),
  pattern: fc
    .array(
      fc.tuple(tie('part'), fc.constantFrom(...COUNTS)).map((pair) => pair.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join('')),
}));
const text = fc.array(fc.constantFrom(...TEXTS), { maxLength: 8 }).map((characters) => characters.join(''));

const nativeOf = (source: string): RegExp | undefined => {
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
};

describe('a pattern in linear time', () => {
  it('says what ECMAScript says under the flag u, or nothing', () => {
    let answered = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
        const native = nativeOf(source);
        const linear = new LinearPattern(source);
        for (const each of texts) {
          const told = linear.test(each);
          if (told === undefined) continue;
          answered += 1;
          expect(told).toBe(native?.test(each));
        }
      }),
      { numRuns: 3000 },
    );
    expect(answered).toBeGreaterThan(1000);
  });

  it.each([
    ['look-ahead', 'a(?=b)'],
    ['look-behind', '(?<!a)b'],
    ['back-references', '(a)\\1'],
    ['named back-references', '(?<x>a)\\k<x>'],
    ['properties of Unicode, of which each engine has its own tables', '\\p{L}'],
    ['what is no pattern under the flag u', 'a\\-b'],
    ['half a surrogate pair', '\\uD83D'],
    ['modifiers', '(?i:a)'],
    ['more repetitions than it takes', 'a{1000000000}'],
    ['repetitions of repetitions', '((a{100}){100}){100}'],
    ['groups in groups without end', `${'('.repeat(5000)}${')'.repeat(5000)}`],
    ['patterns of great length', 'a|'.repeat(5000)],
  ])('has no answer for %s', (_, source) => {
    expect(new LinearPattern(source).test('ab')).toBeUndefined();
  });

  it('has no answer for a text with half a surrogate pair', () => {
    expect(new LinearPattern('^.$').test('\ud83d')).toBeUndefined();
  });

  it.each([
    ['^(a|a)*$', `${'a'.repeat(5000)}b`],
    ['^(a+)+$', `${'a'.repeat(5000)}b`],
    [`^${'(a|a)'.repeat(26)}$`, `${'a'.repeat(26)}b`],
    [`^${'a?'.repeat(26)}${'a'.repeat(26)}$`, `${'a'.repeat(26)}b`],
  ])('answers at once where backtracking would not: %s', (source, hostile) => {
    const beganMs = performance.now();
    expect(new LinearPattern(source).test(hostile)).toBe(false);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });
});
