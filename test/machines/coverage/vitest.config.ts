import { defineConfig } from 'vitest/config';

/** `npm run coverage:transitions`: the tests of the machines, with every transition they take noted. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 240_000,
    setupFiles: ['test/support/setup.ts', 'test/machines/coverage/note-transitions.ts'],
    include: ['test/machines/**/*.test.ts'],
  },
});
