import { pidsOf, readStore } from '../api/store.js';
import { namesHint, RunnerError } from '../base/errors/index.js';

import { readsOf } from '../api/store-reads.js';

/**
 * For commands that found nothing of a product id: nothing happened to it, or there is none of that name.
 *
 * @param seen product ids that were come by elsewhere
 * @throws RunnerError invalid_pid, with the nearest names
 */
export async function requirePid(store: string, pid: string, seen: Iterable<string> = []): Promise<void> {
  const listing = await readStore(store).catch(() => ({ releases: [], routes: [] }));
  // What was refused may have been the same slip.
  const done = (
    await readsOf(store)
      .history()
      .catch(() => [])
  ).filter(({ outcome }) => outcome === 'done');
  const told = done.flatMap(({ details }) => details?.['pids'] ?? []);
  const known = [...new Set([...pidsOf(listing), ...told.filter((each) => typeof each === 'string'), ...seen])];
  if (known.includes(pid)) return;
  throw new RunnerError('invalid_pid', `The store knows no PID ${pid}.`, {
    hint: namesHint(pid, known, 'It knows none: install a release, whose manifest names them.'),
    details: { pid },
  });
}
