import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { storeLayout, toFault } from '../../../../src/index.js';
import type { Runner } from '../../../../src/index.js';

const LOOK_EVERY_MS = 5;
/** Looks between two at the files: reading them costs more. */
const LOOKS_PER_FILE = 10;
const ABLE = ['Running', 'Executing'];

export interface RouteWatchOptions {
  readonly runner: Runner;
  readonly store: string;
  /** PIDs that are bound all the time. */
  readonly pids: readonly string[];
  readonly signal: AbortSignal;
  readonly onLapse: (what: string) => void;
}

/**
 * Looks every few milliseconds where the PIDs point: to a release that is there and runs, is being brought back, or is
 * faulted by name (invariant 1), in memory and in the file.
 */
export async function watchRoutes({ runner, store, pids, signal, onLapse }: RouteWatchOptions): Promise<void> {
  for (let look = 0; !signal.aborted; look++) {
    const { releases } = runner.list();
    const known = new Map(releases.map((view) => [view.release, view]));
    for (const pid of pids) {
      const memory = lapseInMemory(runner, pid, (release) => known.get(release));
      if (memory !== null) onLapse(memory);
      const file = look % LOOKS_PER_FILE === 0 ? lapseOnDisk(store, pid, (release) => known.has(release)) : null;
      if (file !== null) onLapse(file);
    }
    await pause(LOOK_EVERY_MS);
  }
}

function lapseInMemory(
  runner: Runner,
  pid: string,
  viewOf: (release: string) => { readonly state: string; readonly reason: unknown } | undefined,
): string | null {
  try {
    const release = runner.routeOf(pid);
    const view = viewOf(release);
    if (view === undefined) return `${pid} pointed to ${release}, which the store does not know`;
    const isFine = ABLE.includes(view.state) || view.reason !== null;
    return isFine ? null : `${pid} pointed to ${release}, which was ${view.state} without a fault`;
  } catch (error) {
    const { code, message } = toFault(error);
    return `${pid} pointed to nothing: ${code} ${message}`;
  }
}

function lapseOnDisk(store: string, pid: string, isKnown: (release: string) => boolean): string | null {
  const file = join(storeLayout(store).active, `${pid}.json`);
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
    return isKnown(`${name}@${version}`) ? null : `the file of ${pid} names ${name}@${version}, which is not there`;
  } catch (error) {
    return `the file of ${pid} cannot be read: ${toFault(error).message}`;
  }
}
