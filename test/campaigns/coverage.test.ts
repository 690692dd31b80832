import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

/** As built: the folders it looks in are found from where the build lies. */
interface Sources {
  readonly TESTS_CONFIG: string;
  readonly historyFiles: () => readonly string[];
}
const BUILT = new URL('../../dist/scripts/coverage/sources.js', import.meta.url).href;

test('the coverage of transitions finds the tests of the machines and the recorded histories', async () => {
  const { TESTS_CONFIG, historyFiles } = (await import(BUILT)) as Sources;
  expect(existsSync(TESTS_CONFIG)).toBe(true);
  expect(historyFiles().length).toBeGreaterThan(5);
});
