import { execFileSync } from 'node:child_process';
import { appendFileSync, constants, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { textLines, openRegular, openRegularSync, readRegular } from '../../../src/base/files/index.js';
import { scratchFolder } from '../../support/own-folder.js';

let folder = '';
beforeEach(() => {
  folder = scratchFolder();
});
const at = (name: string): string => join(folder, name);

const LAID: readonly (readonly [what: string, lay: (path: string) => void])[] = [
  ['a folder', (path) => mkdirSync(path)],
  ['a named pipe', (path) => execFileSync('mkfifo', [path])],
  ['a link to a file', (path) => (writeFileSync(`${path}.victim`, 'precious'), symlinkSync(`${path}.victim`, path))],
  ['a link to a device', (path) => symlinkSync('/dev/zero', path)],
  ['a link into nowhere', (path) => symlinkSync('/nowhere/at/all', path)],
  ['a socket of somebody else', (path) => symlinkSync('/dev/log', path)],
];

describe.each(LAID)('where %s lies', (_what, lay) => {
  test('nothing is read, and nobody waits', async () => {
    lay(at('x'));
    await expect(openRegular(at('x'))).rejects.toMatchObject({ faultName: 'store_io_failed' });
    await expect(readRegular(at('x'), 100)).rejects.toMatchObject({ faultName: 'store_io_failed' });
  });

  test('nothing is appended, and nobody waits', () => {
    lay(at('x'));
    expect(() => openRegularSync(at('x'), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT)).toThrow(/x /);
  });
});

test('a pipe somebody reads from is no file either', () => {
  execFileSync('mkfifo', [at('pipe')]);
  const reader = openReader(at('pipe'));
  expect(() => openRegularSync(at('pipe'), constants.O_WRONLY)).toThrow('is not an ordinary file');
  reader();
});

test('a file a person named may be reached through a link', async () => {
  writeFileSync(at('file'), 'content');
  symlinkSync(at('file'), at('link'));
  const handle = await openRegular(at('link'), 'follow');
  expect(await handle.readFile('utf8')).toBe('content');
  await handle.close();
});

test('a file larger than anybody expects is not loaded', async () => {
  writeFileSync(at('file'), 'x'.repeat(101));
  await expect(readRegular(at('file'), 100)).rejects.toMatchObject({ faultName: 'store_corrupt' });
  expect(await readRegular(at('file'), 101)).toEqual(readFileSync(at('file')));
});

describe('lines', () => {
  const read = async (): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of textLines(at('log'), 4 * 1024 * 1024)) lines.push(line);
    return lines;
  };

  test('come one by one, the last one with or without its end', async () => {
    writeFileSync(at('log'), 'one\ntwö\r\n\nfour');
    expect(await read()).toEqual(['one', 'twö', '', 'four']);
  });

  test('are those there were at the start, however fast the file grows', async () => {
    writeFileSync(at('log'), `${'x'.repeat(70_000)}\n`);
    const lines: string[] = [];
    for await (const line of textLines(at('log'), 4 * 1024 * 1024)) {
      lines.push(line);
      appendFileSync(at('log'), 'more\n');
    }
    expect(lines).toHaveLength(1);
  });

  test('without an end take no more memory than one may have', async () => {
    writeFileSync(at('log'), Buffer.alloc(12 * 1024 * 1024, 'x'));
    expect((await read()).map(({ length }) => length)).toEqual([4 * 1024 * 1024]);
  });
});

/** Opens a pipe for reading without waiting for a writer. */
function openReader(path: string): () => void {
  const child = execFileSync('sh', ['-c', `sleep 5 <>"$1" >/dev/null 2>&1 & echo $!`, 'sh', path]).toString();
  return () => void process.kill(Number(child), 'SIGKILL');
}
