import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { HostCheck } from './host-checks.js';

const MIB = 1024 * 1024;
/** Less is soon taken by an installation; a store keeps a little for itself. */
const BYTES_ADVISED = 1024 * MIB;
const BYTES_NEEDED = 64 * MIB;
const ENTRIES_ADVISED = 20_000;
const ENTRIES_NEEDED = 1_000;

export interface Room {
  readonly freeBytes: number;
  /** Files and folders that may still be made; null where the file system does not count them. */
  readonly freeEntries: number | null;
}

/** What is to be said of the room of a folder: pure. */
export function judgeRoom(name: string, folder: string, { freeBytes, freeEntries }: Room): HostCheck {
  const told = `${(freeBytes / MIB).toFixed(0)} MiB${freeEntries === null ? '' : ` and ${freeEntries} files`} free in ${folder}`;
  const hint = 'Free space there: uninstall or prune releases, remove old zips and traces, or use a larger disk.';
  const isShort = freeBytes < BYTES_ADVISED || (freeEntries ?? Infinity) < ENTRIES_ADVISED;
  if (!isShort) return { name, result: 'passed', message: told };
  const isFull = freeBytes < BYTES_NEEDED || (freeEntries ?? Infinity) < ENTRIES_NEEDED;
  return { name, result: isFull ? 'failed' : 'warning', message: `Only ${told}.`, hint };
}

/** The store's disk, and that of temporary files; nothing of one that cannot be asked. */
export async function spaceChecks(store: string): Promise<readonly HostCheck[]> {
  const asked = [
    ['free space', store],
    ['temporary files', tmpdir()],
  ] as const;
  const found = await Promise.all(
    asked.map(async ([name, folder]) => {
      const room = await statfs(folder).catch(() => null);
      if (room === null) return [];
      const freeEntries = room.files === 0 ? null : room.ffree;
      return [judgeRoom(name, folder, { freeBytes: room.bavail * room.bsize, freeEntries })];
    }),
  );
  return found.flat();
}
