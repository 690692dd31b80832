import { describe, expect, test } from 'vitest';
import type { Timings } from '../../machines/index.js';
import { checkOptions } from '../../src/runner/options/check-options.js';
import { resolveOverrides, resolvePolicy } from '../../src/runner/options/options.js';

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

describe('a start has as much time until its confirmation as until its hello, at least', () => {
  const confirmMs = (...layers: Partial<Timings>[]): number | undefined => {
    const [timings = {}, own] = layers;
    const releases = own === undefined ? {} : { screw: { timings: own } };
    const { screw = resolvePolicy({ timings }) } = resolveOverrides({ store: 'store', timings, releases });
    return screw.timings.confirmMs;
  };

  test.each<[string, Partial<Timings>[], number]>([
    ['by default', [{}], 30_000],
    ['where the hello gets more', [{ helloMs: 60_000 }], 60_000],
    ['where the hello gets less', [{ helloMs: 1_000 }], 30_000],
    ['but what is said of it holds', [{ helloMs: 60_000, confirmMs: 45_000 }], 45_000],
    ['of a release', [{}, { helloMs: 90_000 }], 90_000],
    ['of a release whose Runner says less', [{ confirmMs: 5_000 }, { helloMs: 90_000 }], 90_000],
    ['of a release that says so', [{ helloMs: 60_000 }, { helloMs: 90_000, confirmMs: 10_000 }], 10_000],
  ])('%s', (_what, layers, expected) => {
    expect(confirmMs(...layers)).toBe(expected);
  });
});
