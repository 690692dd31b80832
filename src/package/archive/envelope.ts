import type { FileHandle } from 'node:fs/promises';
import { refusal } from './refusal.js';

/** Where the central directory lies, as the records at the end of the file agree on it. */
export interface Envelope {
  readonly entryCount: number;
  readonly directoryStart: number;
  readonly directoryEnd: number;
}

const LOCAL_SIGNATURE = 0x04034b50;
const END_SIGNATURE = 0x06054b50;
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const SIGNATURE_BYTES = Buffer.from('PK\x05\x06', 'latin1');
const COMMENT_BYTES_MAX = 0xffff;
const UNKNOWN_16 = 0xffff;
const UNKNOWN_32 = 0xffffffff;

/**
 * Reads the end of the file strictly before the zip library sees it: every byte after the central directory is
 * accounted for, every number lies inside the file, and there is one way to read it.
 *
 * @throws RunnerError invalid_zip
 */
export async function readEnvelope(handle: FileHandle, size: number): Promise<Envelope> {
  const tailBytes = Math.min(size, END64_BYTES + LOCATOR_BYTES + END_BYTES + COMMENT_BYTES_MAX);
  const tailStart = size - tailBytes;
  const tail = await readAt(handle, tailStart, tailBytes);
  const at = await findEnd(handle, tail);
  const end = readEnd(tail.subarray(at));
  const endStart = tailStart + at;

  const locatorAt = at - LOCATOR_BYTES;
  const has64 = locatorAt >= 0 && tail.readUInt32LE(locatorAt) === LOCATOR_SIGNATURE;
  if (!has64 && end.isInZip64) throw refusal('zip64', 'says that its numbers stand in a record that is not there');
  const found = has64 ? readEnd64(tail, tailStart, locatorAt, end) : { ...end, recordStart: endStart };

  if (found.directoryStart + found.directoryBytes !== found.recordStart) {
    const stray = found.recordStart - found.directoryStart - found.directoryBytes;
    if (stray < 0) throw refusal('truncated', 'has a directory that does not fit into the file');
    throw refusal('prepended_data', `holds ${stray} bytes that are not part of it, as when two zips are joined`);
  }
  return {
    entryCount: found.entryCount,
    directoryStart: found.directoryStart,
    directoryEnd: found.recordStart,
  };
}

async function findEnd(handle: FileHandle, tail: Buffer): Promise<number> {
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const commentBytes = tail.readUInt16LE(at + END_BYTES - 2);
    const restBytes = tail.length - at - END_BYTES;
    if (commentBytes === restBytes) {
      const comment = tail.subarray(at + END_BYTES);
      if (comment.includes(SIGNATURE_BYTES)) throw refusal('hidden_data', 'has another end in its comment');
      return at;
    }
    if (commentBytes > restBytes) throw refusal('truncated', 'ends inside its comment');
    throw refusal('trailing_data', `is followed by ${restBytes - commentBytes} bytes that are not part of it`);
  }
  if (tail.length === 0) throw refusal('not_a_zip', 'is an empty file');
  const head = await readAt(handle, 0, Math.min(4, tail.length));
  if (head.length === 4 && head.readUInt32LE(0) === LOCAL_SIGNATURE) {
    throw refusal('truncated', 'begins like a zip but its directory, which comes last, is missing');
  }
  throw refusal('not_a_zip', 'is not a zip file');
}

interface End {
  readonly entryCount: number;
  readonly directoryBytes: number;
  readonly directoryStart: number;
}

function readEnd(end: Buffer): End & { readonly isInZip64: boolean } {
  const [disk, directoryDisk, entriesHere, entryCount] = [4, 6, 8, 10].map((offset) => end.readUInt16LE(offset));
  const onOneDisk = [0, UNKNOWN_16].includes(disk ?? -1) && [0, UNKNOWN_16].includes(directoryDisk ?? -1);
  if (!onOneDisk || entriesHere !== entryCount) throw refusal('multi_disk', 'is one part of several');
  return {
    entryCount: entryCount ?? 0,
    directoryBytes: end.readUInt32LE(12),
    directoryStart: end.readUInt32LE(16),
    isInZip64: disk === UNKNOWN_16 || directoryDisk === UNKNOWN_16,
  };
}

/** The 64-bit record must end where its locator begins, and the small record may not say anything else. */
function readEnd64(tail: Buffer, tailStart: number, locatorAt: number, small: End): End & { recordStart: number } {
  const recordAt = locatorAt - END64_BYTES;
  const damaged = refusal('directory', 'has a damaged 64-bit directory record');
  if (recordAt < 0 || tail.readUInt32LE(recordAt) !== END64_SIGNATURE) throw damaged;
  const record = tail.subarray(recordAt, locatorAt);
  const recordStart = tailStart + recordAt;
  const number = (offset: number): number => Number(record.readBigUInt64LE(offset));
  if (number(4) !== END64_BYTES - 12) throw damaged;
  if (tail.readBigUInt64LE(locatorAt + 8) !== BigInt(recordStart)) throw damaged;
  const disks = [tail.readUInt32LE(locatorAt + 4), record.readUInt32LE(16), record.readUInt32LE(20)];
  if (disks.some((disk) => disk !== 0) || tail.readUInt32LE(locatorAt + 16) > 1 || number(24) !== number(32)) {
    throw refusal('multi_disk', 'is one part of several');
  }
  const large: End = { entryCount: number(32), directoryBytes: number(40), directoryStart: number(48) };
  const agree =
    agrees(small.entryCount, large.entryCount, UNKNOWN_16) &&
    agrees(small.directoryBytes, large.directoryBytes, UNKNOWN_32) &&
    agrees(small.directoryStart, large.directoryStart, UNKNOWN_32);
  if (!agree) throw refusal('directory', 'describes its directory twice, and differently');
  return { ...large, recordStart };
}

const agrees = (small: number, large: number, unknown: number): boolean => small === unknown || small === large;

/** Reads exactly this many bytes, or fewer at the end of the file. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
