import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Test files that need a process of their own: they load it, mock what it is made of, or leave images mapped in it. */
const APART = [
  ...['campaigns', 'examples', 'testing', 'images'].map((it) => `test/${it}/**/*.test.ts`),
  ...['late-listing', 'refusing-disk', 'why-gap'].map((it) => `test/trace/${it}.test.ts`),
];

/** What takes longest of those that take turns: it begins first, or one worker would go on alone at the end. */
const LONG = [
  ...[
    'docs/readme-tour',
    'docs/commands',
    'docs/stories',
    'machines/properties/composition.property',
    'runner/host/host-killed-installing',
    'cli/switch',
    'cli/failures',
  ],
  ...[
    'cli/tour',
    'cli/successor',
    'cli/doctor',
    'runner/host/signals',
    'runner/host/resumed',
    'store/power-loss',
    'campaigns/fuzz/fuzz',
  ],
].map((it) => `/test/${it}.test.ts`);

/** The projects one after the other, as vitest has them: its processes last as long as the next file may share them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((file) => moduleId.endsWith(file));
      return project.name === 'apart' ? -1 : at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

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
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'apart', include: APART } },
      { extends: true, test: { name: 'in turn', include: ['test/**/*.test.ts'], exclude: APART, isolate: false } },
    ],
  },
});
