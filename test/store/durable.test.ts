import { statSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunnerError } from '../../src/base/errors/index.js';
import {
  appendDurable,
  makeFolderDurable,
  removeDurable,
  removeTree,
  renameDurable,
  syncTree,
  writeFileDurable,
} from '../../src/store/index.js';
import { exchangeFile, isUndone, isVisible, readSmallFile } from '../../src/store/durable/index.js';
import type { FileSystem } from '../../src/store/index.js';
import { ERRNOS, atCalls, faultyFileSystem } from './support/faulty-file-system.js';
import type { Call, Errno } from './support/faulty-file-system.js';
import { newDisk } from './support/power-loss-disk.js';
import { liveOn } from './support/power-loss-file-system.js';
import { mulberry } from './support/random.js';
import { refusalOf, refusalOrNone } from './support/refusal.js';
import { scratchFolder } from './support/stores.js';

const content = fc.string({ maxLength: 200 });
const faults = fc.dictionary(fc.integer({ min: 1, max: 9 }).map(String), fc.constantFrom(...ERRNOS), { maxKeys: 2 });
const writeBytes = fc.integer({ min: 1, max: 50 });

describe('writeFileDurable', () => {
  it('leaves the old content or the new, whatever fails, and succeeds only with the new', async () => {
    const folder = await scratchFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.option(content), content, faults, writeBytes, async (old, fresh, failing, maxWriteBytes) => {
        const path = join(folder, String((run += 1)));
        if (old !== null) await writeFile(path, old);
        const fs = faultyFileSystem({ fail: atCalls(failing), maxWriteBytes });
        const failure = await failureOf(writeFileDurable(path, fresh, {}, fs));
        const now = await readOrNull(path);
        if (failure === undefined || failure.details['visible'] === true) expect(now).toBe(fresh);
        else expect(now).toBe(old);
      }),
      { numRuns: 200 },
    );
  });

  it('writes the temporary file, syncs it, renames it, then syncs the folder, in this order', async () => {
    const path = join(await scratchFolder(), 'a.json');
    const fs = faultyFileSystem({});
    await writeFileDurable(path, 'text', {}, fs);
    const steps = fs.calls.map(({ operation }) => operation);
    expect(steps).toEqual([
      ...['create', 'file.write', 'file.sync', 'file.close', 'rename'],
      ...['open', 'file.sync', 'file.close'],
    ]);
    expect(fs.calls.at(-1)?.path).toBe(join(path, '..'));
  });

  it('never tries a failed fsync again and removes the temporary file', async () => {
    const folder = await scratchFolder();
    const fs = faultyFileSystem({ fail: atCalls({ 3: 'EIO' }) });
    const error = await refusalOf(writeFileDurable(join(folder, 'a'), 'text', {}, fs));
    expect(fs.calls.filter(({ operation }) => operation === 'file.sync')).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
    expect(error.code).toBe('3019');
    expect(error.details).toMatchObject({ operation: 'sync', errno: 'EIO', visible: false });
    expect(error.message).toContain(folder);
  });

  it('says what to do about a full disk', async () => {
    const path = join(await scratchFolder(), 'a');
    const error = await refusalOf(
      writeFileDurable(path, 'text', {}, faultyFileSystem({ fail: atCalls({ 2: 'ENOSPC' }) })),
    );
    expect(error.message).toContain('no space is left');
    expect(error.hint).toContain('Free space');
  });

  it('replaces a link instead of writing through it', async () => {
    const folder = await scratchFolder();
    await writeFile(join(folder, 'victim'), 'untouched');
    await symlink(join(folder, 'victim'), join(folder, 'a'));
    await writeFileDurable(join(folder, 'a'), 'text');
    expect(await readFile(join(folder, 'victim'), 'utf8')).toBe('untouched');
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('text');
  });

  it('gives the file the mode asked for', async () => {
    const path = join(await scratchFolder(), 'a');
    await writeFileDurable(path, 'text', { mode: 0o600 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('exchangeFile', () => {
  it('after a failure shows the old content, unless it says that the new one can be seen', async () => {
    const folder = await scratchFolder();
    let run = 0;
    const optional = fc.option(content, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(optional, optional, faults, async (old, fresh, failing) => {
        const path = join(folder, String((run += 1)));
        if (old !== undefined) await writeFile(path, old);
        const change = { from: bytes(old), to: bytes(fresh) };
        const failure = await failureOf(exchangeFile(path, change, faultyFileSystem({ fail: atCalls(failing) })));
        const shown = failure === undefined || isVisible(failure) ? fresh : old;
        expect(await readOrNull(path)).toBe(shown ?? null);
      }),
      { numRuns: 200 },
    );
  });

  it('goes back when only the last fsync failed', async () => {
    const path = join(await scratchFolder(), 'a');
    await writeFile(path, 'old');
    const fs = faultyFileSystem({ fail: atCalls({ 7: 'EIO' }) });
    const error = await refusalOf(exchangeFile(path, { from: bytes('old'), to: bytes('new') }, fs));
    expect(error.details).toMatchObject({ operation: 'sync folder', visible: false });
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});

describe('a change that failed', () => {
  const read = async (fs: FileSystem): Promise<string> => {
    const outcome = await readSmallFile('/a', 100, fs);
    return outcome.kind === 'content' ? Buffer.from(outcome.bytes).toString() : outcome.kind;
  };
  const changes: Readonly<Record<string, (fs: FileSystem) => Promise<void>>> = {
    exchanged: (fs) => exchangeFile('/a', { from: Buffer.from('old'), to: Buffer.from('new') }, fs),
    removed: (fs) => exchangeFile('/a', { from: Buffer.from('old'), to: undefined }, fs),
    renamed: (fs) => renameDurable('/a', '/folder/a', fs),
  };

  it.each(Object.entries(changes))('(%s) comes back with no power loss, unless it says so', async (_, change) => {
    const said = new Set<string>();
    for (let first = 1; first <= 12; first += 1) {
      for (let second = first; second <= 20; second += 1) {
        for (let seed = 0; seed < 5; seed += 1) {
          const disk = newDisk();
          await makeFolderDurable('/folder', liveOn(disk));
          await writeFileDurable('/a', 'old', {}, liveOn(disk));
          const fs = faultyFileSystem({ fail: atCalls({ [first]: 'EIO', [second]: 'EIO' }) }, liveOn(disk));
          const failure = await refusalOrNone(change(fs));
          const promised = await read(liveOn(disk));
          disk.losePower(mulberry(seed));
          const left = await read(liveOn(disk));
          const story = `calls ${first} and ${second} failing, seed ${seed}`;
          if (failure === undefined || isUndone(failure)) expect(left, story).toBe(promised);
          if (failure !== undefined && isUndone(failure)) expect(left, story).toBe('old');
          said.add(
            failure === undefined ? 'done' : isVisible(failure) ? 'visible' : isUndone(failure) ? 'undone' : 'open',
          );
        }
      }
    }
    expect([...said].sort()).toEqual(['done', 'open', 'undone', 'visible']);
  });
});

describe('the other durable operations', () => {
  it('sync the folders whose names they change', async () => {
    const root = await scratchFolder();
    const [from, to] = [join(root, 'from'), join(root, 'to')];
    const fs = faultyFileSystem({});
    await makeFolderDurable(join(from, 'deep'), fs);
    await makeFolderDurable(to, fs);
    expect(syncedPaths(fs.calls)).toEqual(expect.arrayContaining([root, from]));

    const moves = faultyFileSystem({});
    await renameDurable(join(from, 'deep'), join(to, 'deep'), moves);
    expect(syncedPaths(moves.calls)).toEqual([to, from]);

    const removal = faultyFileSystem({});
    await writeFile(join(to, 'a'), '');
    await removeDurable(join(to, 'a'), removal);
    await removeDurable(join(to, 'a'), removal);
    expect(syncedPaths(removal.calls)).toEqual([to, to]);
  });

  it('append what is there already stays, and a new file gets a durable name', async () => {
    const folder = await scratchFolder();
    const path = join(folder, 'log');
    const fs = faultyFileSystem({ maxWriteBytes: 2 });
    await appendDurable(path, 'one\n', fs);
    await appendDurable(path, 'two\n', fs);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(syncedPaths(fs.calls)).toEqual([path, folder, path]);
  });

  it('put a moved folder back when its new name cannot be made durable', async () => {
    const root = await scratchFolder();
    await mkdir(join(root, 'a'));
    const fs = faultyFileSystem({ fail: atCalls({ 3: 'EIO' }) });
    const error = await refusalOf(renameDurable(join(root, 'a'), join(root, 'b'), fs));
    expect(error.details['visible']).toBe(false);
    expect(await readdir(root)).toEqual(['a']);
  });

  it('refuse a folder where a file is in the way', async () => {
    const path = join(await scratchFolder(), 'a');
    await writeFile(path, '');
    expect((await refusalOf(makeFolderDurable(path))).faultName).toBe('store_io_failed');
  });
});

describe('a file system', () => {
  const refusingFolders = (errno: Errno) => {
    const fail = ({ operation, path }: Call): Errno | undefined =>
      operation === 'file.sync' && statSync(path).isDirectory() ? errno : undefined;
    return faultyFileSystem({ fail });
  };

  it.each(['EINVAL', 'ENOTSUP'] as const)(
    'that answers %s to the sync of a folder is written to all the same',
    async (errno) => {
      const folder = await scratchFolder();
      const fs = refusingFolders(errno);
      await makeFolderDurable(join(folder, 'a', 'b'), fs);
      await writeFileDurable(join(folder, 'a', 'b', 'c'), 'text', {}, fs);
      await appendDurable(join(folder, 'a', 'b', 'd'), 'text', fs);
      await syncTree(folder, fs);
      expect(await readFile(join(folder, 'a', 'b', 'c'), 'utf8')).toBe('text');
    },
  );

  it('that fails to sync a folder otherwise is not trusted, nor one that refuses to sync a file', async () => {
    const path = join(await scratchFolder(), 'a');
    expect((await refusalOf(writeFileDurable(path, 'x', {}, refusingFolders('EIO')))).details['errno']).toBe('EIO');
    const fs = faultyFileSystem({ fail: ({ operation }) => (operation === 'file.sync' ? 'EINVAL' : undefined) });
    expect((await refusalOf(writeFileDurable(path, 'x', {}, fs))).details['errno']).toBe('EINVAL');
  });
});

describe('trees', () => {
  it('are synced file by file and folder by folder, links left alone', async () => {
    const root = await scratchFolder();
    await mkdir(join(root, 'lib/deep'), { recursive: true });
    for (const file of ['a', 'lib/b', 'lib/deep/c']) await writeFile(join(root, file), file);
    await symlink('/etc/passwd', join(root, 'lib/link'));
    const fs = faultyFileSystem({});
    await syncTree(root, fs);
    const expected = [root, ...['a', 'lib', 'lib/b', 'lib/deep', 'lib/deep/c'].map((file) => join(root, file))];
    expect(syncedPaths(fs.calls).sort()).toEqual(expected.sort());
  });

  it('report the file that cannot be synced, and leave nothing running behind', async () => {
    const root = await scratchFolder();
    for (let file = 0; file < 40; file += 1) await writeFile(join(root, `f${file}`), '');
    const fs = faultyFileSystem({ fail: ({ path }) => (path.endsWith('f20') ? 'EIO' : undefined) });
    const error = await refusalOf(syncTree(root, fs));
    expect(error.details['path']).toBe(join(root, 'f20'));
    const calls = fs.calls.length;
    await new Promise(setImmediate);
    expect(fs.calls.length).toBe(calls);
  });

  it('are removed without following links; what is not there is as good as removed', async () => {
    const root = await scratchFolder();
    await mkdir(join(root, 'keep'));
    await writeFile(join(root, 'keep/file'), '');
    await mkdir(join(root, 'gone/deep'), { recursive: true });
    await symlink(join(root, 'keep'), join(root, 'gone/deep/link'));
    await removeTree(join(root, 'gone'));
    await removeTree(join(root, 'gone'));
    expect(await readdir(root)).toEqual(['keep']);
    expect(await readdir(join(root, 'keep'))).toEqual(['file']);
  });
});

function syncedPaths(calls: readonly Call[]): string[] {
  return calls.filter(({ operation }) => operation === 'file.sync').map(({ path }) => path);
}

function bytes(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}

async function failureOf(work: Promise<void>): Promise<RunnerError | undefined> {
  const refusal = await refusalOrNone(work);
  if (refusal !== undefined) expect(refusal.faultName).toBe('store_io_failed');
  return refusal;
}

async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
