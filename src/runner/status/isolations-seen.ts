import { relative, sep } from 'node:path';
import { keyOf } from '../../../machines/release.js';
import { childrenOf, isolationOf, variableOf, weakest } from '../../platform/index.js';
import type { IsolationLevel } from '../../platform/index.js';
import type { FileSystem, StoreLayout } from '../../store/index.js';
import { readHolder } from '../doctor/holder.js';

/**
 * How the processes of a store's releases are isolated, seen from beside the Runner that started them: the weakest of
 * each release. Releases without a process, or whose processes cannot be seen from here, are missing.
 */
export async function isolationsSeen(
  layout: StoreLayout,
  fs: FileSystem,
): Promise<ReadonlyMap<string, IsolationLevel>> {
  const seen = new Map<string, IsolationLevel>();
  const holder = await readHolder(layout, fs).catch(() => null);
  if (holder?.life !== 'live') return seen;
  for (const osPid of childrenOf(holder.osPid)) {
    const folder = variableOf(osPid, 'PROC_ALGO_ROOT');
    if (folder === undefined) continue;
    const [name, version, ...deeper] = relative(layout.deployed, folder).split(sep);
    if (name === undefined || version === undefined || deeper.length > 0) continue;
    const key = keyOf({ name, version });
    const levels = [isolationOf(osPid).level, seen.get(key)].filter((level) => level !== undefined);
    seen.set(key, weakest(levels) ?? 'group');
  }
  return seen;
}
