import { actorsNow, judgeStatus } from '../../causes/index.js';
import type { ActorNow, Amiss, StatusReport } from '../../causes/index.js';
import { toFault } from '../../base/errors/index.js';
import { nodeFileSystem, readOnly, readOperations, storeLayout } from '../../store/index.js';
import { readHolder } from '../doctor/holder.js';
import { readStore } from './read-store.js';
import { requireStore } from './require-store.js';
import { readSettings } from '../options/settings/read-settings.js';
import { holderSeen, newestRun } from './newest-run.js';

/**
 * Whether all is well on a store now: of the living Runner what its trace says, else who held the store last. Takes no lock,
 * writes nothing, does not ask the Runner: it answers also while that hangs.
 *
 * @throws RunnerError release_not_found where there is no store
 */
export async function readStatus(store: string): Promise<StatusReport> {
  const layout = storeLayout(store);
  requireStore(layout);
  const fs = readOnly(nodeFileSystem);
  const problems: Amiss[] = [];
  const readOr = async <T>(otherwise: T, subject: string, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      problems.push(amiss(subject, `${toFault(error).code} ${toFault(error).message}`, ['doctor']));
      return otherwise;
    }
  };
  const holder = await readOr(null, 'lock', () => readHolder(layout, fs));
  const listing = await readOr({ releases: [], routes: [], problems: [] }, 'store', () => readStore(store));
  problems.push(...listing.problems.map((message) => amiss('store', message, ['doctor'])));
  await readOr(undefined, 'settings', async () => void (await readSettings(store)));
  const run = await readOr(null, 'trace', () => newestRun(layout.traces, holder));
  const actors = await readOr<readonly ActorNow[] | null>(null, 'trace', async () =>
    run?.isOfHolder === true ? await actorsNow(run.files) : null,
  );
  if (holder === null) {
    const left = await readOr(null, 'operations', () => readOperations(layout, fs));
    problems.push(
      ...(left?.operations ?? []).map(({ what, subject }) =>
        amiss(subject, `${what} was under way when the Runner died; the next start takes it up`, ['doctor']),
      ),
    );
  } else if (run?.isOfHolder !== true) {
    problems.push(amiss('runner', 'it writes no trace: where its releases stand cannot be seen', ['settings', 'show']));
  }
  return judgeStatus({
    nowMs: Date.now(),
    run,
    actors,
    problems,
    holder: holder === null ? null : holderSeen(holder),
    routes: listing.routes,
  });
}

const amiss = (subject: string, what: string, next: readonly string[]): Amiss => ({ subject, what, next });
