import { expect, test } from 'vitest';
import { checkOptions } from '../../src/runner/check-options.js';

const wrong = (options: object): unknown => {
  try {
    checkOptions({ store: 'store', ...options });
    return null;
  } catch (error) {
    return error;
  }
};

test('a trace is on, off, or has limits', () => {
  for (const trace of [true, false, {}, { fileBytesMax: 1 }, { bytesMax: 8 }, { ageMaxDays: 1 }])
    expect(wrong({ trace })).toBeNull();
});

test.each([
  [{ fileBytesMax: 0 }, 'trace.fileBytesMax: '],
  [{ files: 3 }, 'trace: Unrecognized key: "files"'],
  [{ bytesMax: 1.5 }, 'trace'],
  ['yes', 'trace: neither true nor false nor { fileBytesMax, bytesMax, ageMaxDays }'],
])('a trace of %j is refused in words', (trace, words) => {
  expect(wrong({ trace })).toMatchObject({ code: '3022', message: expect.stringContaining(words) as string });
});

test('an option nobody knows is named', () => {
  expect(wrong({ tracing: true })).toMatchObject({ message: expect.stringContaining('tracing') as string });
});

test.each([
  ['/srv/line:1/store', 'a colon'],
  ['/srv/line\n1/store', 'a control character'],
  ['/srv/\uFFFD\uFFFD/store', 'no UTF-8'],
  ['/srv/\uD800/store', 'no UTF-8'],
])('a store at %j is refused: Python environments cannot be made there', (store, what) => {
  expect(wrong({ store })).toMatchObject({
    code: '3022',
    message: expect.stringContaining(what) as string,
    hint: expect.stringContaining('Name another folder') as string,
  });
});
