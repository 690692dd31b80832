import { discoverInterpreters } from '../../../src/package/index.js';
import type { Interpreter } from '../../../src/package/index.js';

/** A Python of this machine that can install; the tests of real installations need one. */
export async function hostPython(): Promise<Interpreter> {
  const found = (await discoverInterpreters()).find(({ canInstall }) => canInstall);
  if (found === undefined) throw new Error('these tests need python3 with pip 22.3 or newer');
  return found;
}
