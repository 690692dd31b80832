import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { DEFAULT_ARCHIVE_LIMITS, extractArchive, readArchive } from '../../../src/package/index.js';
import { refused } from '../support/refused.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { deflateRawSync } from 'node:zlib';
import { extraField, unicodePath } from '../support/zip-bytes.js';
import { DESCRIPTOR, descriptor, zip64End, zipBytes } from '../support/zip-bytes.js';
import type { ZipEntry } from '../support/zip-bytes.js';

const folder = await tempFolder();

async function zipFile(bytes: Buffer): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'zip-')), 'package.zip');
  await writeFile(path, bytes);
  return path;
}

/** Unpacks a zip and gives its files as texts. */
async function unpack(zip: string): Promise<Record<string, string>> {
  const target = join(await mkdtemp(join(folder, 'out-')), 'out');
  await extractArchive(await readArchive(zip), target);
  const files = (await everythingIn(target)).filter((path) => !path.endsWith('/'));
  const texts = await Promise.all(files.map((path) => readFile(join(target, path), 'utf8')));
  return Object.fromEntries(files.map((path, at): [string, string] => [path, texts[at] ?? '']));
}

const UNIX_EXTRA = Buffer.concat([
  extraField(0x5455, Buffer.from('0300000000', 'hex')),
  extraField(0x7875, Buffer.from('010400000000040000000', 'hex')),
]);
const TEXT = 'the quick brown fox jumps over the lazy dog, again and again and again\n';

describe('reading the directory of a zip', () => {
  it('tells path, kind, size and method of every entry', async () => {
    const zip = await zipFile(
      zipBytes([
        { name: 'src/', data: '' },
        { name: 'src/main.py', data: TEXT, deflate: true },
        { name: 'run.sh', data: 'true', mode: 0o100755 },
      ]),
    );
    const { entries, totalBytes } = await readArchive(zip);
    expect(
      entries.map(({ path, kind, size, method, executable }) => ({ path, kind, size, method, executable })),
    ).toEqual([
      { path: 'src', kind: 'folder', size: 0, method: 'stored', executable: false },
      { path: 'src/main.py', kind: 'file', size: TEXT.length, method: 'deflated', executable: false },
      { path: 'run.sh', kind: 'file', size: 4, method: 'stored', executable: true },
    ]);
    expect(totalBytes).toBe(TEXT.length + 4);
  });

  it('takes names beyond ASCII that say they are UTF-8', async () => {
    const zip = await zipFile(zipBytes([{ name: 'größe/测试.txt', data: 'x' }]));
    expect(await unpack(zip)).toEqual({ 'größe/测试.txt': 'x' });
  });

  it('takes an empty zip, which is a sound one', async () => {
    expect((await readArchive(await zipFile(zipBytes([])))).entries).toEqual([]);
  });

  it('takes a comment', async () => {
    const zip = await zipFile(zipBytes([{ name: 'a', data: 'x' }], { comment: Buffer.from('made by hand') }));
    expect(await unpack(zip)).toEqual({ a: 'x' });
  });

  it('takes folders of a shared project, which carry the set-group-id bit', async () => {
    const zip = await zipFile(
      zipBytes([
        { name: 'src/', mode: 0o042775 },
        { name: 'src/a', data: 'x' },
      ]),
    );
    expect(await unpack(zip)).toEqual({ 'src/a': 'x' });
  });

  it.each([
    ['with a signature', { signature: true, wide: false }],
    ['without a signature', { signature: false, wide: false }],
    ['with a signature and 64-bit sizes', { signature: true, wide: true }],
    ['without a signature and with 64-bit sizes', { signature: false, wide: true }],
  ])('takes data descriptors %s', async (_, form) => {
    const streamed: ZipEntry = {
      name: 'a',
      data: TEXT,
      deflate: true,
      flags: DESCRIPTOR,
      local: { crc: 0, size: 0, compressedSize: 0 },
      after: descriptor(TEXT, deflateRawSync(TEXT).length, form),
    };
    expect(await unpack(await zipFile(zipBytes([streamed, { name: 'b', data: 'x' }])))).toEqual({ a: TEXT, b: 'x' });
  });

  it('takes a zip64 directory', async () => {
    const bytes = zipBytes([{ name: 'a', data: 'x' }], { beforeEnd: (place) => zip64End(place, 1) });
    expect(await unpack(await zipFile(bytes))).toEqual({ a: 'x' });
  });

  it('takes the same content in another order of directory and data', async () => {
    const first = zipBytes([{ name: 'a', data: '1' }]);
    const entries: ZipEntry[] = [
      { name: 'b', data: '2', before: first.subarray(0, 32) },
      { name: 'a', data: '1', withoutLocal: true, central: { offset: 0 } },
    ];
    expect(await unpack(await zipFile(zipBytes(entries)))).toEqual({ a: '1', b: '2' });
  });

  it('says which file cannot be opened', async () => {
    const error = await refused(readArchive(join(folder, 'absent.zip')), 'invalid_zip');
    expect(error.details['check']).toBe('unreadable');
    expect(error.message).toContain('ENOENT');
  });

  it('does not wait for a named pipe in place of a zip', async () => {
    const pipe = join(folder, 'pipe.zip');
    execFileSync('mkfifo', [pipe]);
    expect((await refused(readArchive(pipe), 'invalid_zip')).message).toContain('not a regular file');
  });
});

describe('zips of the tools people use are taken: those of', () => {
  const FILES = { 'manifest.json': '{}', 'src/a.py': TEXT, 'src/empty.py': '' };

  it.each([
    ['Python zipfile, written to a file', 'out = open(target, "wb")'],
    ['Python zipfile, written to a pipe', 'out = Unseekable(open(target, "wb"))'],
  ])('%s', async (_, opening) => {
    const target = join(await mkdtemp(join(folder, 'py-')), 'a.zip');
    const script = `
import io, json, sys, zipfile
class Unseekable(io.RawIOBase):
    def __init__(self, raw): self.raw = raw
    def writable(self): return True
    def write(self, data): return self.raw.write(data)
    def flush(self): self.raw.flush()
target, files = sys.argv[1], json.loads(sys.argv[2])
${opening}
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
    for name, text in files.items():
        made.writestr(name, text)
    made.writestr(zipfile.ZipInfo("folder/"), "")
out.flush()
`;
    execFileSync('python3', ['-c', script, target, JSON.stringify(FILES)]);
    expect(await unpack(target)).toEqual(FILES);
  });

  it.each([
    ['Info-ZIP', ['-r', 'a.zip', '.'], 'a.zip'],
    ['Info-ZIP, stored', ['-0', '-r', 'a.zip', '.'], 'a.zip'],
    ['Info-ZIP, in zip64 throughout', ['-fz', '-r', 'a.zip', '.'], 'a.zip'],
    ['Info-ZIP, without extra fields', ['-X', '-D', '-r', 'a.zip', '.'], 'a.zip'],
    ['Info-ZIP, to a pipe', ['-r', '-', '.'], null],
    ['Info-ZIP, to a pipe and stored', ['-0', '-r', '-', 'src/empty.py'], null],
  ])('%s', async (_, args, file) => {
    const zip = process.env['PATH']?.split(':').find((place) => existsSync(join(place, 'zip')));
    if (zip === undefined) return;
    const place = await mkdtemp(join(folder, 'info-'));
    const source = join(place, 'source');
    await mkdir(join(source, 'src'), { recursive: true });
    await mkdir(join(source, '模型'));
    const files = { ...FILES, '模型/größe.bin': TEXT };
    for (const [name, text] of Object.entries(files)) await writeFile(join(source, name), text);
    const output = execFileSync('zip', ['-q', ...args], { cwd: source, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const made = join(place, 'made.zip');
    await writeFile(made, file === null ? output : await readFile(join(source, file)));
    const wanted = Object.entries(files).filter(([name]) => !args.includes('src/empty.py') || name === 'src/empty.py');
    expect(await unpack(made)).toEqual(Object.fromEntries(wanted));
  });

  it.each([
    ['Python zipfile, forced into zip64', 'ZIP_DEFLATED', true],
    ['Python zipfile, stored', 'ZIP_STORED', false],
  ])('%s', async (_, method, force) => {
    const target = join(await mkdtemp(join(folder, 'py-')), 'a.zip');
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.${method}) as made:
    with made.open("größe.txt", "w", force_zip64=${force ? 'True' : 'False'}) as entry:
        entry.write(sys.argv[2].encode())
`;
    execFileSync('python3', ['-c', script, target, TEXT]);
    expect(await unpack(target)).toEqual({ 'größe.txt': TEXT });
  });

  it.each<[string, ZipEntry, string]>([
    ['Finder: letters beyond ASCII without a flag', { name: '模型.bin', data: 'x', flags: 0 }, '模型.bin'],
    [
      'a second name that says the same',
      { name: '模型.bin', data: 'x', flags: 0, extra: unicodePath('模型.bin', '模型.bin') },
      '模型.bin',
    ],
    ['times and owners of Unix', { name: 'a', data: 'x', extra: UNIX_EXTRA, local: { extra: UNIX_EXTRA } }, 'a'],
    ['times of NTFS', { name: 'a', data: 'x', extra: extraField(0x000a, Buffer.alloc(32)) }, 'a'],
    ['fields filled up with zeros', { name: 'a', data: 'x', local: { extra: Buffer.alloc(3) } }, 'a'],
    ['Java: a folder deflated to two bytes', { name: 'd/', data: '', deflate: true }, ''],
    ['a picture in its name', { name: '👩\u200d🔬\ufe0f.txt', data: 'x' }, '👩\u200d🔬\ufe0f.txt'],
    ['a narrow blank, as in screenshots', { name: 'at 9.41\u202fAM.png', data: 'x' }, 'at 9.41\u202fAM.png'],
    ['what only begins like a device', { name: 'console/auxiliary.py', data: 'x' }, 'console/auxiliary.py'],
  ])('%s', async (_, entry, path) => {
    const files = await unpack(await zipFile(zipBytes([entry])));
    expect(Object.keys(files)).toEqual(path === '' ? [] : [path]);
  });

  it('yazl, which this project writes with', async () => {
    const target = join(await mkdtemp(join(folder, 'yazl-')), 'a.zip');
    const zip = new ZipFile();
    for (const [name, text] of Object.entries(FILES)) zip.addBuffer(Buffer.from(text), name);
    zip.addReadStreamLazy('streamed', (give) => give(null, Readable.from([TEXT])));
    zip.end({ forceZip64Format: true, comment: '' });
    await pipeline(zip.outputStream, createWriteStream(target));
    expect(await unpack(target)).toEqual({ ...FILES, streamed: TEXT });
  });
});

describe('the limits of an archive', () => {
  const entries: ZipEntry[] = [
    { name: 'one/two/three', data: TEXT, deflate: true },
    { name: 'four', data: 'x' },
  ];

  it.each([
    ['entries', { entriesMax: 1 }, 'entry_count'],
    ['bytes of all files', { totalBytesMax: TEXT.length }, 'total_size'],
    ['bytes of one file', { fileBytesMax: TEXT.length - 1 }, 'file_size'],
    ['ratio', { ratioMax: 1, ratioFreeBytes: 10 }, 'ratio'],
    ['depth', { depthMax: 2 }, 'depth'],
    ['bytes of a name', { nameBytesMax: 4 }, 'name_length'],
    ['bytes of a path', { pathBytesMax: 10 }, 'name_length'],
  ])('can be lowered: %s', async (_, limits, check) => {
    const error = await refused(readArchive(await zipFile(zipBytes(entries)), limits), 'invalid_zip');
    expect(error.details['check']).toBe(check);
  });

  it('count the folders that are only implied', async () => {
    const deep = Array.from({ length: 4 }, (_, n): ZipEntry => ({ name: `${n}/b/c/d/e/f`, data: '' }));
    const error = await refused(readArchive(await zipFile(zipBytes(deep)), { entriesMax: 10 }), 'invalid_zip');
    expect(error.details['check']).toBe('entry_count');
    expect(error.message).toContain('20 files and folders');
  });

  it('let an archive through that lies just within them', async () => {
    const limits = {
      entriesMax: 2,
      totalBytesMax: TEXT.length + 1,
      fileBytesMax: TEXT.length,
      depthMax: 3,
      nameBytesMax: 5,
      pathBytesMax: 13,
    };
    expect((await readArchive(await zipFile(zipBytes(entries)), limits)).entries).toHaveLength(2);
  });

  it('do not mind a blank mask, which compresses a thousandfold', async () => {
    const blank = Buffer.alloc(DEFAULT_ARCHIVE_LIMITS.ratioFreeBytes - 10);
    const zip = await zipFile(zipBytes([{ name: 'mask.npy', data: blank, deflate: true }]));
    expect((await readArchive(zip)).totalBytes).toBe(blank.length);
  });
});
