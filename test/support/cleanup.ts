import { onTestFailed, TestRunner } from 'vitest';

/**
 * What support modules clean up. Most test files share a process and its modules (vitest.config.ts): a hook that a module
 * registers while it is loaded would serve the first file only, so setup.ts calls these for every file.
 */
type Cleaning = () => unknown;

const afterTests: Cleaning[] = [];
const afterFiles: Cleaning[] = [];

/** After each test, later than the hooks of the test file itself. */
export const cleanAfterEachTest = (clean: Cleaning): void => void afterTests.push(clean);

/** What a test that fails would leave behind, for which the next ones would fail as well; nothing outside of tests. */
export function cleanIfTestFails(clean: Cleaning): void {
  if (TestRunner.getCurrentTest() === undefined) return;
  onTestFailed(async () => {
    await clean();
  });
}

/** When all tests of a file are over, later than the hooks of the test file itself. */
export const cleanAfterFile = (clean: Cleaning): void => void afterFiles.push(clean);

export const testOver = (): Promise<void> => inTurn(afterTests);
export const fileOver = (): Promise<void> => inTurn(afterFiles);

async function inTurn(cleanings: readonly Cleaning[]): Promise<void> {
  for (const clean of cleanings) await clean();
}
