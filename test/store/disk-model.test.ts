import { constants } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../src/store/index.js';
import type { FileSystem, OpenFile } from '../../src/store/index.js';
import { newDisk } from './support/power-loss-disk.js';
import { contentOf, liveOn } from './support/power-loss-file-system.js';
import { mulberry } from './support/random.js';
import { scratchFolder } from './support/stores.js';

const SEED = Number(process.env['PROCVISION_SEED'] ?? 20_261_120);
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_DIRECTORY } = constants;

type Doing = (fs: FileSystem, root: string) => Promise<unknown>;

const path = fc.constantFrom('a', 'b', 'a/c', 'a/d', 'b/c', 'a/c/e');
const opened =
  (flags: number, use: (file: OpenFile) => Promise<unknown>) =>
  (at: string): Doing => {
    return async (fs, root) => {
      const file = await fs.open(join(root, at), flags, 0o644);
      try {
        return await use(file);
      } finally {
        await file.close();
      }
    };
  };
const kindAndSize = (file: OpenFile) =>
  file.facts().then(({ kind, size }) => (kind === 'file' ? { kind, size } : kind));

const doings: fc.Arbitrary<Doing> = fc.oneof(
  path.map(
    (at): Doing =>
      (fs, root) =>
        fs.makeFolder(join(root, at)),
  ),
  path.map(
    (at): Doing =>
      (fs, root) =>
        fs.removeFolder(join(root, at)),
  ),
  path.map(
    (at): Doing =>
      (fs, root) =>
        fs.removeFile(join(root, at)),
  ),
  fc.tuple(path, path).map(
    ([from, to]): Doing =>
      (fs, root) =>
        fs.rename(join(root, from), join(root, to)),
  ),
  path.map(
    (at): Doing =>
      async (fs, root) =>
        (await fs.list(join(root, at))).map(({ name, kind }) => `${name} ${kind}`).sort(),
  ),
  path.map(
    (at): Doing =>
      async (fs, root) =>
        (await fs.facts(join(root, at))).kind,
  ),
  path.map(opened(O_WRONLY | O_CREAT | O_EXCL, (file) => file.write(Buffer.from('new')))),
  path.map(opened(O_WRONLY | O_APPEND, (file) => file.write(Buffer.from('more')))),
  path.map(opened(O_RDONLY, kindAndSize)),
  path.map(opened(O_RDONLY | O_DIRECTORY, (file) => file.sync())),
);

describe('the model of a disk', () => {
  it('does what the real file system does, failures included, as long as nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(doings, { minLength: 10, maxLength: 40, size: 'max' }), async (sequence) => {
        const model = liveOn(newDisk());
        const real = await scratchFolder();
        for (const doing of sequence) {
          expect(await outcome(doing(model, '/'))).toEqual(await outcome(doing(nodeFileSystem, real)));
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('loses what was not synced, in part or whole, and nothing else', async () => {
    const seen = new Set<string>();
    for (let seed = SEED; seed < SEED + 200; seed += 1) {
      const disk = newDisk();
      const fs = liveOn(disk);
      await write(fs, '/kept', 'kept', 'synced');
      await sync(fs, '/');
      await write(fs, '/named', 'data', 'not synced');
      await sync(fs, '/');
      await write(fs, '/data', 'data', 'synced');
      await fs.rename('/kept', '/moved');
      disk.losePower(mulberry(seed));
      const left = contentOf(disk);
      expect([left['/kept'], left['/moved']].filter((text) => text === 'kept')).toHaveLength(1);
      expect(left['/named']).toBeDefined();
      expect([undefined, 'data']).toContain(left['/data']);
      seen.add(`named ${left['/named'] === 'data' ? 'whole' : left['/named'] === '\0\0\0\0' ? 'zeros' : 'short'}`);
      seen.add(`data ${left['/data'] === undefined ? 'nameless' : 'there'}`);
      seen.add(`kept ${left['/moved'] === undefined ? 'in place' : 'moved'}`);
    }
    expect([...seen].sort()).toEqual([
      'data nameless',
      'data there',
      'kept in place',
      'kept moved',
      'named short',
      'named whole',
      'named zeros',
    ]);
  });
});

async function outcome(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown) => ({ errno: (error as NodeJS.ErrnoException).code }));
}

async function write(fs: FileSystem, at: string, text: string, how: 'synced' | 'not synced'): Promise<void> {
  const file = await fs.open(at, O_WRONLY | O_CREAT, 0o644);
  await file.write(Buffer.from(text));
  if (how === 'synced') await file.sync();
  await file.close();
}

async function sync(fs: FileSystem, folder: string): Promise<void> {
  const handle = await fs.open(folder, O_RDONLY | O_DIRECTORY);
  await handle.sync();
}
