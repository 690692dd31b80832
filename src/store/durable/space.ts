import { RunnerError } from '../../base/errors/index.js';
import { io } from './failure.js';
import type { FileSystem } from './file-system.js';
import { nodeFileSystem } from './node-file-system.js';

/** What something will take on disk. @property entries files and folders */
export interface SpaceNeed {
  readonly bytes: number;
  readonly entries: number;
}

/** Left for routes, registry and traces: what is installed must not take the last of it. */
const RESERVED_BYTES = 32 * 1024 * 1024;
const RESERVED_ENTRIES = 1_000;
/** A file takes whole blocks. */
const BLOCK_BYTES = 4096;

/**
 * Says beforehand that the file system of a folder has no room for something. Somebody else may take the room meanwhile:
 * then the writing itself fails.
 *
 * @param what begins the sentence: "Unpacking a@1"
 * @throws RunnerError store_io_failed with `details: { errno: 'ENOSPC', needed_bytes, free_bytes, … }`
 */
export async function requireSpace(
  folder: string,
  need: SpaceNeed,
  what: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const room = await io('statfs', folder, () => fs.room(folder));
  const neededBytes = need.bytes + need.entries * BLOCK_BYTES;
  const freeBytes = Math.max(0, room.freeBytes - RESERVED_BYTES);
  const freeEntries = Math.max(0, room.freeEntries - RESERVED_ENTRIES);
  const isShort = neededBytes > freeBytes;
  if (!isShort && need.entries <= freeEntries) return;
  const [needed, free] = isShort
    ? [`${neededBytes} bytes`, `${freeBytes}`]
    : [`${need.entries} files and folders`, `${freeEntries}`];
  throw new RunnerError(
    'store_io_failed',
    `${what} takes ${needed}, and the file system of ${folder} has ${free} left.`,
    {
      hint: 'Free space there: uninstall or prune releases, remove old zips and traces, or move the store to a larger disk.',
      details: {
        path: folder,
        errno: 'ENOSPC',
        needed_bytes: neededBytes,
        free_bytes: freeBytes,
        needed_entries: need.entries,
        ...(Number.isFinite(freeEntries) ? { free_entries: freeEntries } : {}),
      },
    },
  );
}
