import { constants } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeFileDurable } from '../../src/store/index.js';
import type { FileSystem } from '../../src/store/index.js';
import { brokenByKills, brokenByPowerLoss } from './support/interruptions.js';
import type { Interruptible } from './support/interruptions.js';
import { liveThrough, sagas } from './support/lives.js';

const SEED = Number(process.env['PROCVISION_SEED'] ?? 1);

/** A writer of one file, which must hold the old or the new content, and the new one once that was promised. */
function writing(write: (path: string, text: string, fs: FileSystem) => Promise<void>): Interruptible {
  return {
    before: (fs) => writeFileDurable('/a.json', 'old', {}, fs),
    work: (fs) => write('/a.json', 'new', fs),
    isIntact: async (fs, promised) => {
      const text = await read('/a.json', fs);
      return text === 'new' || (text === 'old' && !promised);
    },
  };
}

const durable = writing((path, text, fs) => writeFileDurable(path, text, {}, fs));
const withoutFolderSync = writing((path, text, fs) => writeFileDurable(path, text, {}, forgetting('folders', fs)));
const withoutFileSync = writing((path, text, fs) => writeFileDurable(path, text, {}, forgetting('files', fs)));

/** Keeps a backup: for a moment there is neither the old file nor the new one. */
const inTwoRenames = writing(async (path, text, fs) => {
  await writeFileDurable(`${path}.new`, text, {}, fs);
  await fs.rename(path, `${path}.bak`);
  await fs.rename(`${path}.new`, path);
  await syncFolder('/', fs);
});

describe('kills at every call', () => {
  it('do not hurt a durable writer', async () => {
    expect(await brokenByKills(durable)).toEqual([]);
  });

  it('find a writer that takes two renames', async () => {
    expect(await brokenByKills(inTwoRenames)).toEqual([expect.stringContaining('rename /a.json')]);
  });

  it('do not find a writer that omits an fsync: what the kernel holds survives them', async () => {
    expect([await brokenByKills(withoutFolderSync), await brokenByKills(withoutFileSync)]).toEqual([[], []]);
  });
});

describe('power losses at every call', () => {
  it('do not hurt a durable writer', async () => {
    expect(await brokenByPowerLoss(durable, SEED)).toEqual([]);
  });

  it('find a writer that omits the fsync of the folder', async () => {
    expect(await brokenByPowerLoss(withoutFolderSync, SEED)).toContain('after its end');
  });

  it('find a writer that omits the fsync of the file', async () => {
    expect(await brokenByPowerLoss(withoutFileSync, SEED)).toContain('after its end');
  });

  it.each(['folders', 'files'] as const)('in any history find a store that omits the fsync of %s', async (what) => {
    const live = fc.asyncProperty(sagas, (saga) => liveThrough(saga, (fs) => forgetting(what, fs)));
    const result = await fc.check(live, { seed: SEED, numRuns: 100, endOnFailure: true });
    expect(result.failed).toBe(true);
  });
});

/** A file system whose fsync of folders, or of files, says that it was done and does nothing. */
function forgetting(what: 'folders' | 'files', fs: FileSystem): FileSystem {
  return {
    facts: (path) => fs.facts(path),
    list: (folder) => fs.list(folder),
    makeFolder: (path) => fs.makeFolder(path),
    removeFolder: (path) => fs.removeFolder(path),
    removeFile: (path) => fs.removeFile(path),
    room: (folder) => fs.room(folder),
    rename: (from, to) => fs.rename(from, to),
    open: async (path, flags, mode) => {
      const file = await fs.open(path, flags, mode);
      const isFolder = (flags & constants.O_DIRECTORY) !== 0;
      return isFolder === (what === 'folders') ? { ...file, sync: () => Promise.resolve() } : file;
    },
  };
}

async function read(path: string, fs: FileSystem): Promise<string | undefined> {
  const file = await fs.open(path, constants.O_RDONLY).catch(() => undefined);
  if (file === undefined) return undefined;
  const buffer = Buffer.alloc(16);
  return buffer.toString('utf8', 0, await file.read(buffer, 0));
}

async function syncFolder(path: string, fs: FileSystem): Promise<void> {
  const folder = await fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}
