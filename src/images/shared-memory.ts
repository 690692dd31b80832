import { statfsSync } from 'node:fs';

/** Containers have 64 MiB of shared memory by default, which the segments of processes need. */
const ROOMY_BYTES_MIN = 512 * 1024 * 1024;

/** Whether the file system of a folder holds images beside the segments of processes. */
export function isRoomy(folder: string): boolean {
  try {
    const { blocks, bsize } = statfsSync(folder);
    return blocks * bsize >= ROOMY_BYTES_MIN;
  } catch {
    return false;
  }
}
