import { expect, test } from 'vitest';
import { readOptions } from './options.js';

test('a hundred days from the first seed, unless told otherwise', () => {
  expect(readOptions([])).toEqual({
    ...{ from: 1, seeds: 100, json: false, budgetMs: null, shrink: false, traceOut: null },
  });
});

test('every option is read', () => {
  const args = ['--seeds', '7', '--from', '40', '--budget', '60', '--shrink', '--trace-out', 'x.jsonl', '--json'];
  expect(readOptions(args)).toEqual({
    ...{ from: 40, seeds: 7, json: true, budgetMs: 60_000, shrink: true, traceOut: 'x.jsonl' },
  });
});

test.each([
  ['--seeds', 'many'],
  ['--from', '-1'],
  ['--budget', '1.5'],
  ['--sedes', '5'],
])('%s %s is refused', (...args) => {
  expect(() => readOptions(args)).toThrow();
});
