import { join } from 'node:path';
import { makeFolderDurable, nodeFileSystem } from '../durable/index.js';
import { claimPath, readClaims, removeClaim, writeClaim } from './claims.js';
import { flockFolder } from './flock.js';
import { thisProcess } from './process-identity.js';

export interface FolderLock {
  /** Frees the folder; harmless when done twice. */
  release(): Promise<void>;
}

/**
 * Locks a folder for as long as this process lives, by flock; where that is not to be had, by a claim in the folder
 * `lock` inside, and then a process of another machine or container counts as alive.
 *
 * @returns null while a living process has it
 * @throws RunnerError store_io_failed
 */
export async function acquireFolderLock(folder: string, tool = 'flock'): Promise<FolderLock | null> {
  const flock = await flockFolder(folder, tool);
  switch (flock.kind) {
    case 'held':
      return { release: once(flock.release) };
    case 'refused':
      return null;
    case 'impossible':
      return claimFolder(join(folder, 'lock'));
  }
}

async function claimFolder(claims: string): Promise<FolderLock | null> {
  const fs = nodeFileSystem;
  const self = thisProcess();
  await makeFolderDurable(claims, fs);
  const own = claimPath(claims, self, 'pidfile');
  if (!(await writeClaim(own, self, new Date().toISOString(), fs))) return null;
  const others = await readClaims(claims, self, own, fs);
  if (others.some(({ life }) => life !== 'dead')) {
    await removeClaim(own, fs);
    return null;
  }
  await Promise.all(others.map(({ path }) => removeClaim(path, fs)));
  return { release: once(() => removeClaim(own, fs)) };
}

function once(work: () => void | Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= Promise.resolve(work()));
}
