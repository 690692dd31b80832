/**
 * Two ways to replace a file, one of them wrong, to see that the harness can tell them apart:
 * `replace-file.js <path> <content> at-once | with-backup`.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { begin, end } from './kill-switch.js';
import { say } from './say.js';

const [path = '', content = '', way] = process.argv.slice(2);

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

begin();
const fresh = `${path}.new`;
writeFileSync(fresh, content);
if (way === 'with-backup') {
  renameSync(path, `${path}.bak`); // from here to the next rename there is no file
  renameSync(fresh, path);
  rmSync(`${path}.bak`);
} else {
  renameSync(fresh, path);
}
syncFolder(dirname(path));
say({ at: 'counted', counts: end() });
