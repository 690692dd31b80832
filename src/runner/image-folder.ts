import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of this store's own: whatever lies in it when the store's lock is taken belongs to a dead Runner. */
export function imageFolder(root: string, parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
  const name = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 16);
  return join(parent, `procvision-${name}`);
}
