import { mkdir, mkdtemp, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractArchive, readArchive } from '../../../src/package/index.js';
import type { ExtractProgress } from '../../../src/package/index.js';
import { refused } from '../support/refused.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { zipBytes } from '../support/zip-bytes.js';
import type { ZipEntry } from '../support/zip-bytes.js';

const folder = await tempFolder();

/** A zip and the place to unpack it to, which does not exist yet. */
async function stage(entries: readonly ZipEntry[]) {
  const place = await mkdtemp(join(folder, 'case-'));
  const zip = join(place, 'package.zip');
  await writeFile(zip, zipBytes(entries));
  return { place, zip, out: join(place, 'out'), archive: await readArchive(zip) };
}

const TREE: readonly ZipEntry[] = [
  { name: 'a.txt', data: 'first' },
  { name: 'empty/', data: '' },
  { name: 'deep/er/b.txt', data: 'second', deflate: true },
  { name: 'run.sh', data: 'true', mode: 0o100777 },
];

describe('unpacking an archive', () => {
  it('writes every file and folder', async () => {
    const { out, archive } = await stage(TREE);
    await extractArchive(archive, out);
    expect(await everythingIn(out)).toEqual(['a.txt', 'deep/', 'deep/er/', 'deep/er/b.txt', 'empty/', 'run.sh']);
    expect(await readFile(join(out, 'deep/er/b.txt'), 'utf8')).toBe('second');
  });

  it('gives files 0644, or 0755 where they were executable, whatever else the mode and the umask say', async () => {
    const before = process.umask(0o077);
    try {
      const { out, archive } = await stage([
        ...TREE,
        { name: 'open', data: '', mode: 0o100666 },
        { name: 'none', mode: 0 },
      ]);
      await extractArchive(archive, out);
      const modes = await Promise.all(
        ['a.txt', 'run.sh', 'open', 'none'].map(async (name) => (await stat(join(out, name))).mode & 0o7777),
      );
      expect(modes).toEqual([0o644, 0o755, 0o644, 0o644]);
    } finally {
      process.umask(before);
    }
  });

  it('follows a plan: other places, and only what it names', async () => {
    const { out, archive } = await stage([
      { name: 'top/a', data: '1' },
      { name: 'b', data: '2' },
      { name: 'c', data: '3' },
    ]);
    await extractArchive(archive, out, {
      plan: new Map([
        ['top/a', 'a'],
        ['b', 'inner/b'],
      ]),
    });
    expect(await everythingIn(out)).toEqual(['a', 'inner/', 'inner/b']);
  });

  it('reports how far it is, in entries and bytes, up to the end', async () => {
    const { out, archive } = await stage(TREE);
    const seen: ExtractProgress[] = [];
    await extractArchive(archive, out, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ entries }) => entries)).toEqual([1, 2, 3, 4]);
    expect(seen.at(-1)).toEqual({ entries: 4, entriesTotal: 4, bytes: 15, bytesTotal: 15 });
  });
});

describe('unpacking that cannot go on takes back what it wrote', () => {
  it('when an entry in the middle is damaged', async () => {
    const { place, out, archive } = await stage([...TREE, { name: 'bad', data: 'x', claims: { crc: 1 } }]);
    await refused(extractArchive(archive, out), 'invalid_zip');
    expect(await everythingIn(place)).toEqual(['package.zip']);
  });

  it('when it is aborted, with the reason of the abort', async () => {
    const { place, out, archive } = await stage(TREE);
    const abort = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ entries }: ExtractProgress) => (entries === 2 ? abort.abort(reason) : undefined);
    await expect(extractArchive(archive, out, { signal: abort.signal, onProgress })).rejects.toBe(reason);
    expect(await everythingIn(place)).toEqual(['package.zip']);
  });

  it('when more bytes come than are accepted', async () => {
    const { place, out, archive } = await stage(TREE);
    const error = await refused(extractArchive(archive, out, { limits: { totalBytesMax: 8 } }), 'invalid_zip');
    expect(error.details['check']).toBe('total_size');
    expect(await everythingIn(place)).toEqual(['package.zip']);
  });

  it('but leaves what was there before', async () => {
    const { out, archive } = await stage([...TREE, { name: 'bad', data: 'x', claims: { crc: 1 } }]);
    await mkdir(join(out, 'deep'), { recursive: true });
    await writeFile(join(out, 'deep', 'mine'), 'kept');
    await refused(extractArchive(archive, out), 'invalid_zip');
    expect(await everythingIn(out)).toEqual(['deep/', 'deep/mine']);
  });
});

describe('unpacking into a place that cannot take it', () => {
  it('is a failure of the disk, not of the zip, and says where', async () => {
    const { archive } = await stage(TREE);
    const error = await refused(extractArchive(archive, join(folder, 'absent', 'out')), 'store_io_failed');
    expect(error.message).toContain('ENOENT');
    expect(error.message).toContain(join(folder, 'absent', 'out'));
  });
});

describe('unpacking never reaches beyond its folder', () => {
  it('through a link that lies in place of a folder', async () => {
    const { place, out, archive } = await stage(TREE);
    const outside = join(place, 'outside');
    await mkdir(outside);
    await mkdir(out);
    await symlink(outside, join(out, 'deep'));
    await refused(extractArchive(archive, out), 'store_io_failed');
    expect(await everythingIn(outside)).toEqual([]);
  });

  it('through a link that lies in place of a file', async () => {
    const { place, out, archive } = await stage(TREE);
    const outside = join(place, 'outside');
    await writeFile(outside, 'untouched');
    await mkdir(out);
    await symlink(outside, join(out, 'a.txt'));
    await refused(extractArchive(archive, out), 'store_io_failed');
    expect(await readFile(outside, 'utf8')).toBe('untouched');
  });

  it('and never over a file that is there', async () => {
    const { out, archive } = await stage(TREE);
    await mkdir(out);
    await writeFile(join(out, 'run.sh'), 'mine');
    const error = await refused(extractArchive(archive, out), 'store_io_failed');
    expect(error.details['errno']).toBe('EEXIST');
    expect(await everythingIn(out)).toEqual(['run.sh']);
    expect(await readFile(join(out, 'run.sh'), 'utf8')).toBe('mine');
  });

  it('and not from a zip that was replaced since it was read', async () => {
    const { place, zip, out, archive } = await stage(TREE);
    await writeFile(zip, zipBytes([...TREE].reverse()));
    await utimes(zip, 1, 1);
    const error = await refused(extractArchive(archive, out), 'invalid_zip');
    expect(error.details['check']).toBe('changed');
    expect(await everythingIn(place)).toEqual(['package.zip']);
  });
});
