import { defineConfig } from 'vitest/config';

/** `npm run record-replays`: lives through every history of test/replay/recorded again, with real processes, and keeps its trace. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ['test/support/setup.ts'],
    include: ['test/replay/recorded/record/**/*.record.ts'],
  },
});
