/**
 * The folder of a pool: private to one Runner, under /dev/shm by default.
 *
 * INVARIANT: only files with a segment's name are ever removed, so a folder named by mistake loses nothing.
 */
import { lstatSync, mkdirSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { RunnerError } from '../errors/index.js';
import { codeOf } from './pool-fault.js';

const SEGMENT = /^(raw-\d{2,}\.npy|enc-\d{2,}\.bin)$/;

/** What a dead Runner had left behind. */
export interface Reclaimed {
  readonly segments: number;
  readonly bytes: number;
}

/**
 * Makes the folder, or takes over the one a dead Runner left; whoever calls holds the lock that proves it dead.
 *
 * @throws RunnerError host_unfit if the place is taken by a link, by something that is no folder, or by somebody else
 */
export function preparePoolFolder(folder: string): Reclaimed {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return { segments: 0, bytes: 0 };
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unfit(folder, error instanceof Error ? error.message : String(error), error);
  }
  const problem = whyNotOurs(lstatSync(folder));
  if (problem !== undefined) throw unfit(folder, problem);
  return removeSegments(folder);
}

/** Removes what is left of a pool; a folder in which somebody keeps other files stays. */
export function removePoolFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  }
}

/** What lies there now; nothing is removed. A folder that is not there holds nothing. */
export function listSegments(folder: string): Reclaimed {
  try {
    const segments = readdirSync(folder).filter((name) => SEGMENT.test(name));
    const bytes = segments.reduce(
      (sum, name) => sum + (lstatSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return { segments: segments.length, bytes };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return { segments: 0, bytes: 0 };
  }
}

function removeSegments(folder: string): Reclaimed {
  const stale = readdirSync(folder).filter((name) => SEGMENT.test(name));
  let bytes = 0;
  for (const name of stale) {
    const path = join(folder, name);
    try {
      bytes += lstatSync(path).size;
      unlinkSync(path);
    } catch (error) {
      throw unfit(folder, `the stale segment ${name} cannot be removed`, error);
    }
  }
  return { segments: stale.length, bytes };
}

function whyNotOurs(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'it is a symbolic link';
  if (!stats.isDirectory()) return 'it is not a folder';
  if (stats.uid !== process.getuid?.()) return `it belongs to user ${stats.uid}`;
  const mode = stats.mode & 0o777;
  if ((mode & 0o077) !== 0) return `it is open to other users (mode ${mode.toString(8)})`;
  return undefined;
}

function unfit(folder: string, problem: string, cause?: unknown): RunnerError {
  return new RunnerError('host_unfit', `The image pool cannot use ${folder}: ${problem}.`, {
    hint: 'Name a folder for this Runner alone, on a tmpfs such as /dev/shm; it is made with mode 700.',
    details: { folder, problem },
    cause,
  });
}
