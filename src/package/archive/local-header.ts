import yauzl from 'yauzl';
import type { Entry, LocalFileHeader } from 'yauzl';
import { refusal } from './refusal.js';

/** General purpose bit 3: sizes and checksum follow the data instead of standing in the local header. */
export const DESCRIPTOR_FLAG = 0x8;
const COMPARED_FLAGS = 0x1 | 0x40 | 0x800 | 0x2000;
const ZIP64_FIELD = 0x0001;
const UNICODE_PATH_FIELD = 0x7075;
const IN_ZIP64 = 0xffffffff;

/**
 * The local header must tell the same story as the central directory: readers that stream see only the one, readers
 * that seek only the other.
 *
 * @throws RunnerError invalid_zip
 */
export function checkLocalHeader(entry: Entry, local: LocalFileHeader, name: string): void {
  const differs = (what: string) => refusal('local_header', `has a different ${what} in its local header`, name);
  if (!local.fileName.equals(entry.fileNameRaw)) throw differs('name');
  if (local.compressionMethod !== entry.compressionMethod) throw differs('compression method');
  if (((local.generalPurposeBitFlag ^ entry.generalPurposeBitFlag) & COMPARED_FLAGS) !== 0)
    throw differs('set of flags');

  const fields = localFields(local, name);
  if (fields.some(({ id }) => id === UNICODE_PATH_FIELD)) {
    throw refusal('unicode_path', 'carries a second name in a Unicode-path field, so readers may disagree', name);
  }
  const sizes = zip64Sizes(fields.find(({ id }) => id === ZIP64_FIELD)?.data);
  const size = local.uncompressedSize === IN_ZIP64 ? (sizes?.size ?? IN_ZIP64) : local.uncompressedSize;
  const compressedSize = local.compressedSize === IN_ZIP64 ? (sizes?.compressedSize ?? IN_ZIP64) : local.compressedSize;

  const later = (local.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0;
  const same = (stated: number, central: number): boolean => stated === central || (later && isUnstated(stated));
  if (!same(local.crc32, entry.crc32)) throw differs('checksum');
  if (!same(size, entry.uncompressedSize)) throw differs('size');
  if (!same(compressedSize, entry.compressedSize)) throw differs('compressed size');
}

const isUnstated = (value: number): boolean => value === 0 || value === IN_ZIP64;

function localFields(local: LocalFileHeader, name: string): yauzl.ExtraField[] {
  try {
    return yauzl.parseExtraFields(local.extraField);
  } catch (cause) {
    throw refusal('local_header', 'has a damaged extra field in its local header', name, cause);
  }
}

function zip64Sizes(data: Buffer | undefined): { size: number; compressedSize: number } | undefined {
  if (data === undefined || data.length < 16) return undefined;
  return { size: Number(data.readBigUInt64LE(0)), compressedSize: Number(data.readBigUInt64LE(8)) };
}
