import { deflateRawSync } from 'node:zlib';
import { DESCRIPTOR, UTF8, descriptor, extraField, zipBytes } from '../support/zip-bytes.js';
import type { ZipEntry } from '../support/zip-bytes.js';
import { cut, good, reading, text, unpacking, withEntry, zip64Size } from './hostile-zip.js';
import type { HostileZip } from './hostile-zip.js';

/** Entries whose two headers, or whose data, tell different stories. */
export const LIES: readonly HostileZip[] = [
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
    withEntry({
      ...{ name: 'a', data: text, deflate: true, flags: DESCRIPTOR },
      after: descriptor('y', 1, { signature: true, wide: false }),
    }),
    'a',
  ),
  reading(
    'announces a data descriptor that is not there',
    'local_header',
    withEntry({ name: 'a', data: text, deflate: true, flags: DESCRIPTOR }),
    'a',
  ),
  reading(
    'tells the size of stored data only behind it',
    'descriptor',
    withEntry({
      name: 'a',
      data: 'x',
      flags: DESCRIPTOR,
      local: { crc: 0, size: 0, compressedSize: 0 },
      after: descriptor('x', 1, { signature: true, wide: false }),
    }),
    'a',
  ),
  ...[0x8, 0x800].flatMap((flag) =>
    (['local', 'central'] as const).map((where) =>
      reading(
        `has the flag ${flag} in its ${where} header only`,
        'local_header',
        withEntry({ name: 'a', data: text, deflate: true, [where]: { flags: flag } }),
        'a',
      ),
    ),
  ),
  reading(
    'has a zip64 field that nothing needs',
    'zip64',
    withEntry({ name: 'a', data: 'x', central: { extra: extraField(1, zip64Size(9n)) } }),
    'a',
  ),
  reading(
    'has an empty zip64 field',
    'zip64',
    withEntry({ name: 'a', data: 'x', central: { extra: extraField(1, Buffer.alloc(0)) } }),
    'a',
  ),
  reading(
    'has a zip64 field in its local header that nothing needs',
    'zip64',
    withEntry({ name: 'a', data: 'x', local: { extra: extraField(1, Buffer.concat([zip64Size(9n), zip64Size(9n)])) } }),
    'a',
  ),
  reading(
    'has two zip64 fields',
    'extra_field',
    withEntry({
      name: 'a',
      data: 'x',
      central: { size: 0xffffffff, extra: Buffer.concat([extraField(1, zip64Size(1n)), extraField(1, zip64Size(2n))]) },
    }),
    'a',
  ),
  reading(
    'has a zip64 field with more numbers than it needs',
    'zip64',
    withEntry({
      name: 'a',
      data: 'x',
      central: { size: 0xffffffff, extra: extraField(1, Buffer.concat([zip64Size(1n), zip64Size(1n)])) },
    }),
    'a',
  ),
  reading(
    'says that its size is in a zip64 field that is not there',
    'zip64',
    withEntry({ name: 'a', data: 'x', central: { size: 0xffffffff } }),
    'a',
  ),
  reading(
    'has another size in the zip64 field of its local header',
    'local_header',
    withEntry({
      name: 'a',
      data: 'x',
      local: {
        ...{ size: 0xffffffff, compressedSize: 0xffffffff },
        extra: extraField(1, Buffer.concat([zip64Size(2n), zip64Size(1n)])),
      },
    }),
    'a',
  ),
  reading('lies on another disk', 'multi_disk', withEntry({ name: 'a', data: 'x', central: { disk: 1 } }), 'a'),
  reading(
    'lies on another disk by its zip64 field',
    'multi_disk',
    withEntry({ name: 'a', data: 'x', central: { disk: 0xffff, extra: extraField(1, Buffer.from([1, 0, 0, 0])) } }),
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

/** Entries that unpack to far more than anybody expects. */
export const BOMBS: readonly HostileZip[] = [
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

/** Each below the size from which the ratio counts, all together far above it. */
function manyOf(count: number): Buffer {
  const data = Buffer.alloc(4 * MIB);
  const raw = deflateRawSync(data);
  const claims = { crc: 0, size: data.length, method: 8 };
  return zipBytes([good, ...Array.from({ length: count }, (_, n): ZipEntry => ({ name: `f${n}`, raw, claims }))]);
}
