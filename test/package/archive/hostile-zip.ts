import type { ArchiveCheck } from '../../../src/package/index.js';
import { zip64End, zipBytes } from '../support/zip-bytes.js';
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

export const good: ZipEntry = { name: 'manifest.json', data: '{}' };
export const text = 'the quick brown fox jumps over the lazy dog, again and again and again';

export const reading = (name: string, check: ArchiveCheck, bytes: () => Buffer, entry?: string): HostileZip => ({
  name,
  bytes,
  check,
  refusedBy: 'reading',
  ...(entry === undefined ? {} : { entry }),
});

export const unpacking = (name: string, check: ArchiveCheck, bytes: () => Buffer, entry: string): HostileZip => ({
  name,
  bytes,
  check,
  refusedBy: 'unpacking',
  entry,
});

/** A sound first entry, then the one to look at. */
export const withEntry =
  (entry: ZipEntry, end: ZipEnd = {}) =>
  () =>
    zipBytes([good, entry], end);
export const named = (name: string, check: ArchiveCheck, path: string, shown = path): HostileZip =>
  reading(name, check, withEntry({ name: path, data: 'x' }), shown);
export const withMode = (name: string, check: ArchiveCheck, mode: number, path = 'a'): HostileZip =>
  reading(name, check, withEntry({ name: path, data: path.endsWith('/') ? '' : 'x', mode }), path);
export const both = (name: string, check: ArchiveCheck, first: string, second: string): HostileZip =>
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
export const atEnd = (name: string, check: ArchiveCheck, end: ZipEnd): HostileZip =>
  reading(name, check, () => zipBytes([good], end));

export const cut = (bytes: Buffer, from: number, to: number = bytes.length): Buffer => bytes.subarray(from, to);
export const inZip64 = { beforeEnd: (place: Parameters<typeof zip64End>[0]) => zip64End(place, 1) };

export function zip64Size(size: bigint): Buffer {
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(size);
  return field;
}
