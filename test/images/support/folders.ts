import { existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanAfterEachTest } from '../../support/cleanup.js';

const TMPFS_MAGIC = 0x01021994;

/** Where segments are mapped: the tests of the fast path need a tmpfs, as every Linux has it here. */
export const hasTmpfs = existsSync('/dev/shm') && statfsSync('/dev/shm').type === TMPFS_MAGIC;

const made: string[] = [];

cleanAfterEachTest(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A private folder for one test, on a tmpfs where there is one; removed afterwards. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(hasTmpfs ? '/dev/shm' : tmpdir(), 'procvision-test-'));
  made.push(folder);
  return folder;
}

/** Open descriptors and mappings of this process that lie under `folder`; removed files count too. */
export function openUnder(folder: string): string[] {
  const descriptors = readdirSync('/proc/self/fd').map((fd) => readLink(`/proc/self/fd/${fd}`));
  const mappings = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return [...descriptors, ...mappings].filter((line) => line.includes(folder));
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // the descriptor that listed the folder
  }
}
