import { defineConfig } from 'vitest/config';

/** Children, signals and shared memory live in the tests, so every file runs in a process of its own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
