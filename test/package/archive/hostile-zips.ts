import { deflateRawSync } from 'node:zlib';
import type { ArchiveCheck } from '../../../src/package/index.js';
import { DESCRIPTOR, UTF8, descriptor, extraField, unicodePath, zip64End, zipBytes } from '../support/zip-bytes.js';
import type { ZipEnd, ZipEntry } from '../support/zip-bytes.js';

/** A zip that must be refused, by which check, and when: reading its directory, or unpacking it. */
export interface HostileZip {
  readonly name: string;
  readonly bytes: () => Buffer;
  readonly check: ArchiveCheck;
  readonly refusedBy: 'reading' | 'unpacking';
  /** The entry the refusal names; none when the zip as a whole is to blame. */
  readonly entry?: string;
}

const good: ZipEntry = { name: 'manifest.json', data: '{}' };
const text = 'the quick brown fox jumps over the lazy dog, again and again and again';

const reading = (name: string, check: ArchiveCheck, bytes: () => Buffer, entry?: string): HostileZip => ({
  name,
  bytes,
  check,
  refusedBy: 'reading',
  ...(entry === undefined ? {} : { entry }),
});

const unpacking = (name: string, check: ArchiveCheck, bytes: () => Buffer, entry: string): HostileZip => ({
  name,
  bytes,
  check,
  refusedBy: 'unpacking',
  entry,
});

/** A sound first entry, then the one to look at. */
const withEntry =
  (entry: ZipEntry, end: ZipEnd = {}) =>
  () =>
    zipBytes([good, entry], end);
const named = (name: string, check: ArchiveCheck, path: string, shown = path): HostileZip =>
  reading(name, check, withEntry({ name: path, data: 'x' }), shown);
const withMode = (name: string, check: ArchiveCheck, mode: number, path = 'a'): HostileZip =>
  reading(name, check, withEntry({ name: path, data: path.endsWith('/') ? '' : 'x', mode }), path);
const both = (name: string, check: ArchiveCheck, first: string, second: string): HostileZip =>
  reading(
    name,
    check,
    () =>
      zipBytes([
        good,
        { name: first, data: first.endsWith('/') ? '' : '1' },
        { name: second, data: second.endsWith('/') ? '' : '2' },
      ]),
    second.replace(/\/$/, ''),
  );
const atEnd = (name: string, check: ArchiveCheck, end: ZipEnd): HostileZip =>
  reading(name, check, () => zipBytes([good], end));

const cut = (bytes: Buffer, from: number, to: number = bytes.length): Buffer => bytes.subarray(from, to);
const inZip64 = { beforeEnd: (place: Parameters<typeof zip64End>[0]) => zip64End(place, 1) };

const names: readonly HostileZip[] = [
  named('climbs out of its folder', 'parent_path', '../evil'),
  named('climbs out from below', 'parent_path', 'a/../../evil'),
  named('climbs and comes back', 'parent_path', 'a/../b'),
  named('ends in a climb', 'parent_path', 'a/..'),
  named('is a climb only', 'parent_path', '..'),
  named('is absolute', 'absolute_path', '/etc/passwd'),
  named('is absolute with two slashes', 'absolute_path', '//host/share'),
  named('names a drive', 'absolute_path', 'C:/evil'),
  named('names a drive without a slash', 'absolute_path', 'c:evil'),
  named('names a drive below a folder', 'absolute_path', 'top/C:/evil'),
  named('has a backslash', 'backslash', 'a\\b'),
  named('climbs with backslashes', 'backslash', '..\\..\\evil'),
  named('is a network path', 'backslash', '\\\\host\\share'),
  named('has an empty part', 'unsafe_path', 'a//b'),
  named('has a dot part', 'unsafe_path', 'a/./b'),
  named('begins with a dot part', 'unsafe_path', './a'),
  named('has no name', 'unsafe_path', ''),
  named('is named by a slash', 'unsafe_path', '/'),
  named('has a NUL', 'unsafe_path', 'a\0.py'),
  named('has a line feed', 'unsafe_path', 'a\nb'),
  named('has an escape character', 'unsafe_path', 'a\u001b[2Jb'),
  named('reverses the reading direction', 'unsafe_path', 'a\u202egnp.exe'),
  named('has a name of 300 bytes', 'name_length', 'n'.repeat(300)),
  named('has a path of 2,000 bytes', 'name_length', Array.from({ length: 20 }, () => 'd'.repeat(100)).join('/')),
  named('lies 40 levels deep', 'depth', Array.from({ length: 40 }, () => 'd').join('/')),
  reading(
    'has a name that is not UTF-8',
    'name_encoding',
    withEntry({ name: Buffer.from([0x61, 0xff, 0x62]), data: 'x', flags: UTF8 }),
    'a\u00ffb',
  ),
  reading(
    'has letters beyond ASCII without saying in which encoding',
    'name_encoding',
    withEntry({ name: 'größe.txt', data: 'x', flags: 0 }),
    'größe.txt',
  ),
  reading(
    'has a second name in a Unicode-path field',
    'unicode_path',
    withEntry({ name: 'a.txt', data: 'x', extra: unicodePath('a.txt', '../evil') }),
    'a.txt',
  ),
  reading(
    'has a second name in its local header only',
    'unicode_path',
    withEntry({ name: 'a.txt', data: 'x', local: { extra: unicodePath('a.txt', 'b.txt') } }),
    'a.txt',
  ),
];

const kinds: readonly HostileZip[] = [
  withMode('is a symbolic link', 'link', 0o120777),
  withMode('is a symbolic link that looks like a folder', 'link', 0o120777, 'a/'),
  withMode('is a character device', 'special_file', 0o020666),
  withMode('is a block device', 'special_file', 0o060666),
  withMode('is a named pipe', 'special_file', 0o010666),
  withMode('is a socket', 'special_file', 0o140666),
  withMode('sets the user id', 'unsafe_mode', 0o104755),
  withMode('sets the group id', 'unsafe_mode', 0o102755),
  withMode('is sticky', 'unsafe_mode', 0o101644),
  withMode('is a folder that sets the user id', 'unsafe_mode', 0o044755, 'a/'),
  withMode('is a folder by its mode and a file by its name', 'kind_mismatch', 0o040755),
  withMode('is a file by its mode and a folder by its name', 'kind_mismatch', 0o100644, 'a/'),
  reading(
    'is a folder by its DOS attribute and a file by its name',
    'kind_mismatch',
    withEntry({ name: 'a', data: 'x', mode: 0, dosAttributes: 0x10 }),
    'a',
  ),
  reading('is a folder with data', 'kind_mismatch', withEntry({ name: 'a/', data: 'hidden' }), 'a/'),
  reading('is encrypted', 'encrypted', withEntry({ name: 'a', data: 'x', flags: 0x1 }), 'a'),
  reading('has a masked directory', 'encrypted', withEntry({ name: 'a', data: 'x', flags: 0x2000 }), 'a'),
  reading('is strongly encrypted', 'directory', withEntry({ name: 'a', data: 'x', flags: 0x41 })),
  reading(
    'is packed with bzip2',
    'compression_method',
    withEntry({ name: 'a', data: 'x', claims: { method: 12 } }),
    'a',
  ),
  reading(
    'is packed with zstd',
    'compression_method',
    withEntry({ name: 'a', data: 'x', claims: { method: 93 } }),
    'a',
  ),
];

const twins: readonly HostileZip[] = [
  both('is there twice', 'duplicate', 'a.txt', 'a.txt'),
  both('is a folder that is there twice', 'duplicate', 'a/', 'a/'),
  both('differs from another in case only', 'collision', 'Readme.md', 'README.md'),
  both('lies in a folder that differs in case only', 'collision', 'Src/a.py', 'src/b.py'),
  both('differs from another in Unicode composition only', 'collision', 'caf\u00e9', 'cafe\u0301'),
  both('differs from another by a sharp s', 'collision', 'gru\u00df', 'GRUSS'),
  both('is a file where another needs a folder', 'file_and_folder', 'a/b', 'a'),
  both('needs a folder where another is a file', 'file_and_folder', 'a', 'a/b'),
  both('is both folder and file', 'file_and_folder', 'a', 'a/'),
];

const lies: readonly HostileZip[] = [
  reading(
    'has another name in its local header',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { name: 'b' } }),
    'a',
  ),
  reading(
    'has another method in its local header',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { method: 8 } }),
    'a',
  ),
  reading(
    'has another size in its local header',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { size: 2 } }),
    'a',
  ),
  reading(
    'has another packed size in its local header',
    'local_header',
    withEntry({ name: 'a', data: text, deflate: true, local: { compressedSize: 3 } }),
    'a',
  ),
  reading(
    'has another checksum in its local header',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { crc: 1 } }),
    'a',
  ),
  reading(
    'is encrypted by its local header only',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { flags: 1 } }),
    'a',
  ),
  reading(
    'is UTF-8 by its local header only',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { flags: UTF8 } }),
    'a',
  ),
  reading(
    'has no local header where it says',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { signature: 0 } }),
    'a',
  ),
  reading(
    'points outside the file',
    'local_header',
    withEntry({ name: 'a', data: 'x', central: { offset: 0x7fffffff } }),
    'a',
  ),
  reading(
    'has a broken extra field in its local header',
    'local_header',
    withEntry({ name: 'a', data: 'x', local: { extra: Buffer.from([1, 0, 99, 0]) } }),
    'a',
  ),
  reading(
    'is followed by a data descriptor that says something else',
    'local_header',
    withEntry({ name: 'a', data: 'x', flags: DESCRIPTOR, after: descriptor('y', 1, { signature: true, wide: false }) }),
    'a',
  ),
  reading(
    'announces a data descriptor that is not there',
    'local_header',
    withEntry({ name: 'a', data: 'x', flags: DESCRIPTOR }),
    'a',
  ),
  reading(
    'lies inside the data of another',
    'overlap',
    () => {
      const inner = cut(zipBytes([{ name: 'b', data: 'x' }]), 0, 30 + 1 + 1);
      return zipBytes([
        { name: 'a', data: inner },
        { name: 'b', data: 'x', withoutLocal: true, central: { offset: 30 + 1 } },
      ]);
    },
    'a',
  ),
  reading(
    'overlaps with the entry after it',
    'overlap',
    () =>
      zipBytes([
        { name: 'a', data: 'x', claims: { size: 40, compressedSize: 40 } },
        { name: 'b', data: 'y'.repeat(60) },
      ]),
    'a',
  ),
  reading(
    'reaches into the directory',
    'overlap',
    withEntry({ name: 'a', data: 'x', claims: { size: 30, compressedSize: 30 } }),
    'a',
  ),
  reading(
    'is stored with two different sizes',
    'size_mismatch',
    withEntry({ name: 'a', data: 'x', claims: { size: 9 } }),
    'a',
  ),
  unpacking('does not have its checksum', 'crc', withEntry({ name: 'a', data: text, claims: { crc: 1 } }), 'a'),
  unpacking(
    'does not have its checksum, packed',
    'crc',
    withEntry({ name: 'a', data: text, deflate: true, claims: { crc: 1 } }),
    'a',
  ),
  unpacking(
    'unpacks to more than it says',
    'size_mismatch',
    withEntry({ name: 'a', data: text, deflate: true, claims: { size: 10 } }),
    'a',
  ),
  unpacking(
    'unpacks to less than it says',
    'size_mismatch',
    withEntry({ name: 'a', data: text, deflate: true, claims: { size: 500 } }),
    'a',
  ),
  unpacking(
    'has bytes left over behind its packed data',
    'size_mismatch',
    withEntry({
      name: 'a',
      data: text,
      deflate: true,
      raw: Buffer.concat([deflateRawSync(text), Buffer.from('more')]),
    }),
    'a',
  ),
  unpacking(
    'is no packed data at all',
    'corrupt_data',
    withEntry({ name: 'a', data: text, deflate: true, raw: Buffer.alloc(40, 0xff) }),
    'a',
  ),
  unpacking(
    'is packed data that stops in the middle',
    'corrupt_data',
    withEntry({ name: 'a', data: text, deflate: true, raw: cut(deflateRawSync(text), 0, 20) }),
    'a',
  ),
];

const MIB = 1024 * 1024;

const bombs: readonly HostileZip[] = [
  reading(
    'unpacks to a thousand times its size',
    'ratio',
    withEntry({ name: 'a', data: Buffer.alloc(20 * MIB), deflate: true }),
    'a',
  ),
  reading(
    'says it unpacks to 5 GiB',
    'file_size',
    withEntry({
      name: 'a',
      data: 'x',
      deflate: true,
      central: { size: 0xffffffff, extra: extraField(1, zip64Size(5n * 1024n * BigInt(MIB))) },
    }),
    'a',
  ),
  reading('holds many entries that are large together', 'ratio', () => manyOf(40)),
  unpacking(
    'is a bomb that says it is small',
    'size_mismatch',
    withEntry({ name: 'a', data: Buffer.alloc(20 * MIB), deflate: true, claims: { size: 1000 } }),
    'a',
  ),
];

function zip64Size(size: bigint): Buffer {
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(size);
  return field;
}

/** Each below the size from which the ratio counts, all together far above it. */
function manyOf(count: number): Buffer {
  const data = Buffer.alloc(4 * MIB);
  const raw = deflateRawSync(data);
  const claims = { crc: 0, size: data.length, method: 8 };
  return zipBytes([good, ...Array.from({ length: count }, (_, n): ZipEntry => ({ name: `f${n}`, raw, claims }))]);
}

const envelopes: readonly HostileZip[] = [
  reading('is empty', 'not_a_zip', () => Buffer.alloc(0)),
  reading('is a text', 'not_a_zip', () => Buffer.from('this is not a zip, but long enough to be one')),
  reading('is a picture', 'not_a_zip', () =>
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500)]),
  ),
  reading('is cut off in its data', 'truncated', () => cut(zipBytes([good, { name: 'a', data: text }]), 0, 60)),
  reading('is cut off in its end record', 'truncated', () => cut(zipBytes([good]), 0, zipBytes([good]).length - 4)),
  reading('is cut off in its comment', 'truncated', () =>
    cut(zipBytes([good], { comment: Buffer.from('comment') }), 0, -3),
  ),
  reading('lost its beginning', 'truncated', () => cut(zipBytes([good, { name: 'a', data: text }]), 50)),
  atEnd('begins with something else', 'prepended_data', { prefix: Buffer.from('#!/bin/sh\nexit\n') }),
  reading('is two zips in one file', 'prepended_data', () => Buffer.concat([zipBytes([good]), zipBytes([good])])),
  reading('is two zips in one file with corrected offsets', 'prepended_data', () => {
    const first = zipBytes([{ name: 'manifest.json', data: '{"other": true}' }]);
    return zipBytes([good], { prefix: first });
  }),
  atEnd('is followed by something else', 'trailing_data', { suffix: Buffer.from('and more') }),
  reading(
    'hides a zip between two entries',
    'hidden_data',
    () => zipBytes([good, { name: 'a', data: 'x', before: zipBytes([{ name: 'evil', data: 'x' }]) }]),
    'manifest.json',
  ),
  reading(
    'hides data before its directory',
    'hidden_data',
    () => zipBytes([good], { beforeDirectory: Buffer.from('secret') }),
    'manifest.json',
  ),
  reading('hides data without any entry', 'hidden_data', () =>
    zipBytes([], { beforeDirectory: Buffer.from('secret') }),
  ),
  reading(
    'hides an entry from its directory',
    'hidden_data',
    () => {
      const hidden = zipBytes([{ name: 'evil.py', data: 'x' }]);
      return zipBytes([good], { beforeDirectory: cut(hidden, 0, 30 + 7 + 1) });
    },
    'manifest.json',
  ),
  reading('hides another end record in its comment', 'prepended_data', () => {
    const hidden = cut(zipBytes([]), 0);
    return zipBytes([good], { comment: hidden });
  }),
  atEnd('says it has more entries than it lists', 'directory', { entryCount: 5 }),
  reading('says it has fewer entries than it lists', 'directory', () =>
    zipBytes([good, { name: 'a', data: 'x' }], { entryCount: 1 }),
  ),
  atEnd('says it is one disk of several', 'multi_disk', { disk: 1 }),
  atEnd('has entries on other disks', 'multi_disk', { entriesHere: 0, entryCount: 1 }),
  atEnd('says its directory is larger than the file', 'truncated', { directoryBytes: 1_000_000 }),
  atEnd('says its directory begins outside the file', 'truncated', { directoryStart: 1_000_000 }),
  atEnd('says 40,000 entries in a hundred bytes', 'directory', { entryCount: 40_000 }),
  atEnd('says more entries than anybody needs', 'entry_count', { entryCount: 60_000 }),
  reading(
    'has a broken header in its directory',
    'directory',
    withEntry({ name: 'a', data: 'x', central: { signature: 0 } }),
  ),
  reading(
    'has a broken extra field in its directory',
    'directory',
    withEntry({ name: 'a', data: 'x', central: { extra: Buffer.from([1, 0, 99, 0]) } }),
  ),
  atEnd('has a zip64 record that says something else', 'directory', {
    beforeEnd: (place) => zip64End(place, 1, { directoryStart: 5n }),
  }),
  atEnd('has a zip64 locator that points nowhere', 'directory', {
    beforeEnd: (place) => zip64End(place, 1, { recordAt: 0xffff_ffff_ffff_ffffn }),
  }),
  atEnd('is one of several zip64 disks', 'multi_disk', { beforeEnd: (place) => zip64End(place, 1, { disks: 3 }) }),
  atEnd('has a zip64 record and something before it', 'prepended_data', { ...inZip64, directoryBytes: 10 }),
  reading(
    'has an entry whose zip64 offset is beyond any number',
    'local_header',
    () =>
      zipBytes([
        good,
        {
          name: 'a',
          data: 'x',
          central: { offset: 0xffffffff, extra: extraField(1, zip64Size(0xffff_ffff_ffff_ffffn)) },
        },
      ]),
    'a',
  ),
];

export const HOSTILE_ZIPS: readonly HostileZip[] = [...names, ...kinds, ...twins, ...lies, ...bombs, ...envelopes];
