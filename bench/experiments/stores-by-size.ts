import { addClones } from '../packages/clones.js';
import { copyPrepared, prepareStore } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import { scratchFolder } from './workbench.js';
import type { Workbench } from './workbench.js';

/**
 * Stores with a release that can be called, and others beside it.
 *
 * @param counts of all releases, the one included
 * @returns a store each, after the one with that release alone
 */
export async function prepareStores(
  bench: Workbench,
  name: string,
  counts: readonly number[],
): Promise<readonly Prepared[]> {
  const zip = await makePackage(bench, { name: `bench-${name}`, version: '1.0.0', entry: 'trivial:Trivial' });
  const alone = await prepareStore(scratchFolder(bench, `${name}-1`), zip, bench.python.executable, PID);
  const stores = [alone];
  for (const count of counts) {
    const prepared = await copyPrepared(alone, scratchFolder(bench, `${name}-${count}`));
    await addClones(prepared, { count: count - 1, runnable: false });
    stores.push(prepared);
  }
  return stores;
}
