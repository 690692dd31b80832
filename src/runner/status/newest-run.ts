import { statSync } from 'node:fs';
import { isClosedFile, listTraceFiles, osPidOfRun, readTraceHeader } from '../../trace/index.js';
import { isStopped, thisProcess } from '../../store/lock/process-identity.js';
import type { HolderSeen } from '../../causes/index.js';
import type { StoreHolder } from '../doctor/holder.js';

export interface NewestRun {
  readonly run: string;
  /** In order. */
  readonly files: readonly string[];
  readonly isOfHolder: boolean;
  readonly isClosed: boolean;
  readonly lastMs: number;
}

/** A claim and a run are stamped by the same clock, one after the other. */
const SLACK_MS = 1_000;

/** The newest run in a folder of traces, and whether it is that of the Runner that holds the store. */
export async function newestRun(folder: string, holder: StoreHolder | null): Promise<NewestRun | null> {
  const all = await listTraceFiles(folder);
  const last = all.at(-1);
  if (last === undefined) return null;
  const files = all.filter(({ run }) => run === last.run).map(({ path }) => path);
  return {
    run: last.run,
    files,
    isOfHolder: holder !== null && (await isOf(holder, last.run, last.path)),
    isClosed: isClosedFile(last.path),
    lastMs: statSync(last.path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  };
}

async function isOf(holder: StoreHolder, run: string, file: string): Promise<boolean> {
  const header = await readTraceHeader(file).catch(() => null);
  return header !== null && isRunOf(holder, run, header.started_at);
}

/** A process number comes round again: the run has to have begun, or gone on, after the store was claimed. */
export function isRunOf({ osPid, since }: StoreHolder, run: string, startedAt: string): boolean {
  const sinceMs = Date.parse(since);
  return osPidOfRun(run) === osPid && (Number.isNaN(sinceMs) || Date.parse(startedAt) >= sinceMs - SLACK_MS);
}

/** Processes of another place have other numbers. */
export const holderSeen = ({ osPid, host, since, life }: StoreHolder): HolderSeen => ({
  osPid,
  host,
  since,
  life,
  isStopped: life === 'live' && host === thisProcess().host && isStopped(osPid),
});
