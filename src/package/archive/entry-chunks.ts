import type { FileHandle } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { RunnerError } from '../../base/errors/index.js';
import type { ArchiveEntry } from './archive.js';
import { readAt } from './envelope.js';
import { refusal } from './refusal.js';

const CHUNK_BYTES = 128 * 1024;
/** Up to here, unpacking at once takes less of the main thread than a stream would. */
const SMALL_BYTES = 64 * 1024;

/**
 * The bytes of one entry, proved while they pass: never more than declared, in the end neither fewer, with the checksum
 * of the directory and without anything left over in the compressed data.
 *
 * @throws RunnerError invalid_zip, possibly after chunks were given out
 */
export async function* entryChunks(handle: FileHandle, entry: ArchiveEntry): AsyncGenerator<Buffer, void, undefined> {
  let size = 0;
  let checksum = 0;
  const isSmall = entry.size <= SMALL_BYTES && entry.compressedSize <= SMALL_BYTES;
  const inflated = isSmall ? inflatedAtOnce : inflatedChunks;
  const chunks = entry.method === 'stored' ? rawChunks(handle, entry) : inflated(handle, entry);
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > entry.size) throw refusal('size_mismatch', `unpacks to more than its ${entry.size} bytes`, entry.path);
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (size < entry.size) {
    throw refusal('size_mismatch', `unpacks to ${size} bytes instead of ${entry.size}`, entry.path);
  }
  if (checksum !== entry.crc32) throw refusal('crc', 'does not have the checksum it says', entry.path);
}

/**
 * A whole small entry.
 *
 * @throws RunnerError invalid_zip also when it declares more than `bytesMax`
 */
export async function readEntry(handle: FileHandle, entry: ArchiveEntry, bytesMax: number): Promise<Buffer> {
  if (entry.size > bytesMax) {
    throw refusal('file_size', `has ${entry.size} bytes; ${bytesMax} are accepted for such a file`, entry.path);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of entryChunks(handle, entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* rawChunks(handle: FileHandle, entry: ArchiveEntry): AsyncGenerator<Buffer, void, undefined> {
  let position = entry.dataStart;
  const end = entry.dataStart + entry.compressedSize;
  while (position < end) {
    const length = Math.min(CHUNK_BYTES, end - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) throw refusal('truncated', 'is cut off', entry.path);
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* inflatedAtOnce(handle: FileHandle, entry: ArchiveEntry): AsyncGenerator<Buffer, void, undefined> {
  const raw = await readAt(handle, entry.dataStart, entry.compressedSize);
  let unpacked: Unpacked;
  try {
    // One byte more than declared is enough to see that there are too many.
    unpacked = inflateRawSync(raw, { maxOutputLength: entry.size + 1, info: true }) as unknown as Unpacked;
  } catch (cause) {
    const isTooLong = cause instanceof RangeError;
    if (isTooLong) throw refusal('size_mismatch', `unpacks to more than its ${entry.size} bytes`, entry.path, cause);
    throw corrupt(entry, cause);
  }
  yield unpacked.buffer;
  checkUsedUp(entry, unpacked.engine.bytesWritten);
}

/** What zlib gives back with `info: true`, which its types leave out. */
interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

async function* inflatedChunks(handle: FileHandle, entry: ArchiveEntry): AsyncGenerator<Buffer, void, undefined> {
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  const source = Readable.from(rawChunks(handle, entry));
  // The loop below sees the same error; the callback only keeps it from being unhandled.
  pipeline(source, inflate, () => undefined);
  try {
    for await (const chunk of inflate) yield chunk as Buffer;
  } catch (cause) {
    throw corrupt(entry, cause);
  } finally {
    source.destroy();
  }
  checkUsedUp(entry, inflate.bytesWritten);
}

function checkUsedUp(entry: ArchiveEntry, usedBytes: number): void {
  if (usedBytes === entry.compressedSize) return;
  throw refusal('size_mismatch', 'has bytes left over after its compressed data', entry.path);
}

function corrupt(entry: ArchiveEntry, cause: unknown): RunnerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return refusal('corrupt_data', `cannot be unpacked: ${reason}`, entry.path, cause);
}
