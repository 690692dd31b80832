/**
 * The folder of a pool: made by and for one Runner, under /dev/shm by default. Everything in it is the Runner's or was put
 * there by an algorithm.
 *
 * INVARIANT: links are never followed, neither in the place of the folder nor inside.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../base/errors/index.js';
import { codeOf } from './pool-fault.js';

const SEGMENT = /^(raw-\d{2,}\.npy|enc-\d{2,}\.bin|(res|dec)-\d{2,}\.npy)$/;
/** Of one process each. */
const FOLDER = /^process-\d+$/;
/** Who works on the folder is said there, and removed by whoever said it. */
const LOCK = 'lock';

/** What a dead Runner had left behind. */
export interface Reclaimed {
  readonly segments: number;
  readonly bytes: number;
}

/**
 * Makes the folder, or takes over the one a dead Runner left.
 *
 * @throws RunnerError host_unfit if the place is taken by a link, by something that is no folder, or by somebody else
 */
export function makePoolFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unfit(folder, error instanceof Error ? error.message : String(error), error);
  }
  const problem = whyNotOurs(lstatSync(folder));
  if (problem !== undefined) throw unfit(folder, problem);
}

/**
 * Removes what a dead Runner and its algorithms left in the folder; whoever calls holds the lock that proves it dead.
 *
 * @throws RunnerError host_unfit naming what cannot be removed
 */
export async function emptyPoolFolder(folder: string): Promise<Reclaimed> {
  const found = listSegments(folder);
  for (const name of contentOf(folder)) {
    await removeTree(join(folder, name)).catch((error: unknown) => {
      throw unfit(folder, `${name}, left there by a dead Runner, cannot be removed`, error);
    });
  }
  return found;
}

/** Removes a pool with all that algorithms may have put there; whatever took the place of the folder stays. */
export async function removePoolFolder(folder: string): Promise<void> {
  for (const name of contentOf(folder)) await removeTree(join(folder, name));
  try {
    rmdirSync(folder);
  } catch (error) {
    // Of another Runner's lock, or not ours any more.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
  }
}

const contentOf = (folder: string): readonly string[] => entriesOf(folder).filter((name) => name !== LOCK);

/** What lies there now; nothing is removed. A folder that is not there holds nothing. */
export function listSegments(folder: string): Reclaimed {
  const sizes = entriesOf(folder).flatMap((name) => {
    if (SEGMENT.test(name)) return [sizeOf(join(folder, name))];
    if (!FOLDER.test(name)) return [];
    const own = join(folder, name);
    return entriesOf(own).flatMap((inner) => (SEGMENT.test(inner) ? [sizeOf(join(own, inner))] : []));
  });
  return { segments: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Removes a file, a link or a folder with all that is in it, also where its modes forbid it; links are not followed. */
export async function removeTree(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 2 });
  await remove().catch(async (error: unknown) => {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
    openUp(path);
    await remove();
  });
}

function openUp(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openUp(join(path, name));
}

function entriesOf(folder: string): readonly string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}

const sizeOf = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;

export function whyNotOurs(stats: Stats): string | undefined {
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
