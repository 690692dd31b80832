import { defineConfig } from 'vitest/config';

/** Test files that need a process of their own: they load it, mock what it is made of, or leave images mapped in it. */
const APART = [
  ...['campaigns', 'examples', 'exploration', 'images', 'mutation', 'simulation'].map(
    (it) => `test/${it}/**/*.test.ts`,
  ),
  ...['refusing-disk', 'why-gap'].map((it) => `test/trace/${it}.test.ts`),
];

/**
 * Children, signals and shared memory live in the tests: no threads. Loading the Runner takes a file longer than most of
 * its tests, so all but a few take turns in the same processes; test/support/setup.ts lets each begin as the first.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    setupFiles: ['test/support/setup.ts'],
    projects: [
      { extends: true, test: { name: 'apart', include: APART } },
      { extends: true, test: { name: 'in turn', include: ['test/**/*.test.ts'], exclude: APART, isolate: false } },
    ],
  },
});
