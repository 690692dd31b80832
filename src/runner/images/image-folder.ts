import { randomBytes } from 'node:crypto';
import { existsSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { makePoolFolder } from '../../images/index.js';
import { acquireFolderLock, readSmallFile, writeFileDurable } from '../../store/index.js';
import type { StoreLayout } from '../../store/index.js';

/**
 * The folder of a store's images in shared memory. Containers may share that memory and hold different stores at one
 * path, so its name is random and kept in the store; a store that was copied has the name of its original.
 *
 * INVARIANTS
 * - Two living Runners never have one folder: it is locked itself, and who does not get the lock takes another name.
 * - What lies in a folder whose lock was got belongs to a dead Runner.
 */
export interface ImageFolder {
  readonly folder: string;
  /** Frees it, and removes what is left of it. */
  release(): Promise<void>;
}

const ID = /^[0-9a-f]{32}$/;
const ID_BYTES_MAX = 64;
const TRIES = 4;

export const imageParent = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

/** @throws RunnerError host_unfit, store_io_failed, store_locked */
export async function claimImageFolder(layout: StoreLayout, parent = imageParent()): Promise<ImageFolder> {
  let id = await readId(layout);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (id === null) {
      id = randomBytes(16).toString('hex');
      await writeFileDurable(layout.images, `${id}\n`);
    }
    const folder = folderOf(id, parent);
    makePoolFolder(folder);
    const lock = await acquireFolderLock(folder);
    if (lock !== null) {
      return {
        folder,
        async release() {
          await lock.release();
          for (const left of [join(folder, 'lock'), folder]) removeIfEmpty(left);
        },
      };
    }
    id = null; // of a copy of this store whose Runner lives
  }
  throw new RunnerError('store_locked', `No image folder in ${parent} could be locked in ${TRIES} tries.`);
}

/** Where a Runner that uses the default parent keeps the images of this store; null before the first one. */
export async function findImageFolder(layout: StoreLayout): Promise<string | null> {
  const id = await readId(layout);
  return id === null ? null : folderOf(id, imageParent());
}

const folderOf = (id: string, parent: string): string => join(parent, `procvision-${id}`);

/** Anything that is no name is replaced by one. */
async function readId({ images }: StoreLayout): Promise<string | null> {
  const read = await readSmallFile(images, ID_BYTES_MAX);
  const text = read.kind === 'content' ? Buffer.from(read.bytes).toString('latin1').trim() : '';
  return ID.test(text) ? text : null;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there any more, or not ours to remove.
  }
}
