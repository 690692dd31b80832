import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkFileModes } from '../../src/runner/doctor/host-checks.js';
import { appendDurable, makeFolderDurable, writeFileDurable } from '../../src/store/index.js';
import { recorderIn, scratchFolder } from '../trace/support/traces.js';

test('folders and files of the store are closed to others on a host whose umask is 0', async () => {
  const root = scratchFolder();
  const folder = join(root, 'a', 'b');
  const before = process.umask(0);
  try {
    await makeFolderDurable(folder);
    await writeFileDurable(join(folder, 'c'), 'text');
    await appendDurable(join(folder, 'd'), 'text');
    const recorder = recorderIn(join(root, 'traces'));
    recorder.close();
    const made = [join(root, 'a'), folder, join(folder, 'c'), join(folder, 'd'), recorder.folder, recorder.file()];
    expect(made.filter((path) => (statSync(path).mode & 0o022) !== 0)).toEqual([]);
  } finally {
    process.umask(before);
  }
});

test.each([
  [0o022, 'passed'],
  [0o077, 'passed'],
  [0o002, 'warning'],
  [0o020, 'warning'],
  [0, 'warning'],
])('doctor finds the umask %o %s', (umask, result) => {
  expect(checkFileModes(umask)).toMatchObject({ name: 'umask', result });
});
