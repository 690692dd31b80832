import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { nodeFileSystem, readOnly, storeLayout } from '../../store/index.js';
import { isClosedFile, listTraceFiles, readTraceHeader } from '../../trace/index.js';
import { readHolder } from '../doctor/holder.js';
import type { StoreHolder } from '../doctor/holder.js';
import { isRunOf } from './newest-run.js';

/**
 * What became of the Runner that wrote a run: `closed`; `living`: it works on the store; `killed`: it is gone without having
 * closed; `unseen`: on another host or in another container; `goes_on`: the run has later files; `cut`: a file from
 * elsewhere whose end is missing, which says nothing of its Runner.
 */
export interface RunLife {
  readonly kind: 'closed' | 'living' | 'killed' | 'unseen' | 'goes_on' | 'cut';
  /** When something was last written, Unix milliseconds; null where that is not known. */
  readonly atMs: number | null;
}

/** @param files of one run, in order: all of them, or one @throws RunnerError store_io_failed */
export async function runLife(store: string, files: readonly string[]): Promise<RunLife> {
  const layout = storeLayout(store);
  const last = files.at(-1) ?? '';
  const atMs = statSync(last, { throwIfNoEntry: false })?.mtimeMs ?? null;
  if (isClosedFile(last)) return { kind: 'closed', atMs };
  if (dirname(resolve(last)) !== layout.traces) return { kind: 'cut', atMs: null };
  const own = (await listTraceFiles(layout.traces)).filter(({ path }) => path === resolve(last))[0];
  const run = own?.run ?? '';
  const newest = (await listTraceFiles(layout.traces)).findLast((file) => file.run === run);
  if (newest !== undefined && newest.path !== resolve(last)) return { kind: 'goes_on', atMs };
  return { kind: await lifeOf(await readHolder(layout, readOnly(nodeFileSystem)), run, last), atMs };
}

/** What is to be said of runs of a store, asked once for many. @throws RunnerError store_io_failed */
export async function livesOfRuns(
  store: string,
): Promise<(run: string, files: readonly string[], isClosed: boolean) => Promise<RunLife>> {
  const holder = await readHolder(storeLayout(store), readOnly(nodeFileSystem));
  return async (run, files, isClosed) => {
    const last = files.at(-1) ?? '';
    const atMs = statSync(last, { throwIfNoEntry: false })?.mtimeMs ?? null;
    return { kind: isClosed ? 'closed' : await lifeOf(holder, run, last), atMs };
  };
}

async function lifeOf(holder: StoreHolder | null, run: string, file: string): Promise<RunLife['kind']> {
  const header = await readTraceHeader(file).catch(() => null);
  if (holder === null || header === null || !isRunOf(holder, run, header.started_at)) return 'killed';
  return holder.life === 'live' ? 'living' : 'unseen';
}
