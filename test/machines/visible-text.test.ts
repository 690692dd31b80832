import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasInvisible, visibleJson, visibleText } from '../../machines/visible-text.js';

/** One of each sort of what cannot be seen, or turns what is seen round. */
const SORTS: Readonly<Record<string, readonly [text: string, shown: string]>> = {
  'a terminal escape': ['\u001b[31mred', '\\u001b[31mred'],
  'a control character of the second row': ['\u009b31m', '\\u009b31m'],
  'a line end': ['a\r\nb', 'a\\r\\nb'],
  'a tabulator': ['a\tb', 'a\\tb'],
  'a delete': ['a\u007f', 'a\\u007f'],
  'an override of the direction': ['\u202egnp.exe', '\\u202egnp.exe'],
  'an isolate': ['\u2066x\u2069', '\\u2066x\\u2069'],
  'a mark of the direction': ['\u200fx\u061c', '\\u200fx\\u061c'],
  'a space of no width': ['a\u200bb\u2060\ufeff', 'a\\u200bb\\u2060\\ufeff'],
  'a line separator': ['a\u2028b\u2029', 'a\\u2028b\\u2029'],
  'half a character': ['a\ud800b', 'a\\ud800b'],
  'a tag': ['a\u{e0041}', 'a\\u{e0041}'],
  'a filler': ['a\u3164\u115f\u2800', 'a\\u3164\\u115f\\u2800'],
  'a variation selector': ['a\ufe0f\u{e0100}', 'a\\ufe0f\\u{e0100}'],
  'a soft hyphen': ['a\u00adb', 'a\\u00adb'],
  'no character at all': ['a\uffff', 'a\\uffff'],
};

describe('visible text', () => {
  test.each(Object.entries(SORTS))('shows %s as its escape', (_sort, [text, shown]) => {
    expect(hasInvisible(text)).toBe(true);
    expect(visibleText(text)).toBe(shown);
  });

  test('leaves letters of every script, digits, signs and pictures as they are', () => {
    const text = 'Prüfung Ω 检测 一　二 ตรวจ नमस्ते é 👍 → × “x” ½';
    expect(hasInvisible(text)).toBe(false);
    expect(visibleText(text)).toBe(text);
  });

  test('holds nothing invisible, whatever it is given, and stays as it is when given again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const shown = visibleText(text);
        expect(hasInvisible(shown)).toBe(false);
        expect(visibleText(shown)).toBe(shown);
      }),
    );
  });

  test('a megabyte takes no longer than its length', () => {
    const sinceMs = performance.now();
    visibleText('\u202e'.repeat(500_000) + 'a'.repeat(500_000));
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
  });
});

describe('visible JSON', () => {
  test('says the same to a program and nothing to a terminal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.boolean(), (value, indented) => {
        const json = JSON.stringify(value, null, indented ? 2 : 0);
        const shown = visibleJson(json);
        expect(JSON.parse(shown)).toEqual(JSON.parse(json));
        expect(hasInvisible(shown.replaceAll('\n', ''))).toBe(false);
      }),
    );
  });

  test.each(Object.entries(SORTS))('writes %s as an escape of JSON', (_sort, [text]) => {
    const shown = visibleJson(JSON.stringify({ [text]: text }));
    expect(hasInvisible(shown)).toBe(false);
    expect(JSON.parse(shown)).toEqual({ [text]: text });
  });
});
