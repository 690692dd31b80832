import type { FileHandle } from 'node:fs/promises';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { RunnerError } from '../../errors/index.js';
import type { Archive, ArchiveEntry, FileIdentity } from './archive.js';
import { checkCollisions } from './collisions.js';
import { kindOf } from './entry-kind.js';
import { checkName, decodeName } from './entry-name.js';
import { readEnvelope } from './envelope.js';
import type { Envelope } from './envelope.js';
import { withDefaults } from './limits.js';
import type { ArchiveLimits } from './limits.js';
import { DESCRIPTOR_FLAG, checkLocalHeader } from './local-header.js';
import { withFile } from './open-file.js';
import { refusal } from './refusal.js';
import { checkSpans } from './spans.js';
import type { Span } from './spans.js';
import { WindowReader } from './window-reader.js';

const ENCRYPTION_FLAGS = 0x1 | 0x40 | 0x2000;
const STORED = 0;
const DEFLATED = 8;
const CENTRAL_HEADER_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;

/**
 * Reads the directory of a zip from an unknown hand under the whole policy: afterwards every name is
 * safe, every byte of the file has one owner, and all readers would see the same. No data is unpacked; that the data
 * keeps what the directory promises is proved by reading it (`entryChunks`, `extractArchive`).
 *
 * @throws RunnerError invalid_zip with `details: { check, entry? }`
 */
export function readArchive(path: string, limits: Partial<ArchiveLimits> = {}): Promise<Archive> {
  return withFile(path, (handle, identity) => readDirectory(path, handle, identity, withDefaults(limits)));
}

async function readDirectory(
  path: string,
  handle: FileHandle,
  identity: FileIdentity,
  limits: ArchiveLimits,
): Promise<Archive> {
  if (identity.size > limits.zipBytesMax) {
    throw refusal(
      'zip_size',
      `has ${identity.size} bytes; ${limits.zipBytesMax} are accepted (packageLimits.zipBytesMax)`,
    );
  }
  const envelope = await readEnvelope(handle, identity.size);
  if (envelope.entryCount > limits.entriesMax) {
    throw refusal('entry_count', `has ${envelope.entryCount} entries; ${limits.entriesMax} are accepted`);
  }
  const zip = await openZip(handle, identity.size);
  const headers = await centralHeaders(zip, envelope);
  const named = headers.map((header) => ({ header, ...inspect(header, limits) }));
  checkCollisions(named);
  const totalBytes = checkTotals(
    named.map(({ header }) => header),
    identity.size,
    limits,
  );

  const entries: ArchiveEntry[] = [];
  const spans: Span[] = [];
  for (const { header, name, ...entry } of named) {
    const span = await locate(zip, header, name, envelope);
    spans.push(span);
    entries.push({ ...entry, dataStart: span.dataEnd - span.compressedSize });
  }
  await checkSpans(handle, spans, envelope.directoryStart);
  return { path, identity, entries, totalBytes };
}

function openZip(handle: FileHandle, size: number): Promise<ZipFile> {
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  return yauzl.fromRandomAccessReaderPromise(new WindowReader(handle), size, options).catch((cause: unknown) => {
    throw damaged(cause);
  });
}

async function centralHeaders(zip: ZipFile, { entryCount, directoryStart, directoryEnd }: Envelope): Promise<Entry[]> {
  const headers: Entry[] = [];
  let end = directoryStart;
  try {
    for await (const header of zip.eachEntry()) {
      headers.push(header);
      end += CENTRAL_HEADER_BYTES + header.fileNameLength + header.extraFieldLength + header.fileCommentLength;
    }
  } catch (cause) {
    throw damaged(cause);
  }
  if (headers.length !== entryCount || end !== directoryEnd) {
    throw refusal('directory', 'has a directory of another size than it says');
  }
  return headers;
}

/** Everything one central header can be refused for by itself. */
function inspect(header: Entry, limits: ArchiveLimits): Omit<ArchiveEntry, 'dataStart'> & { name: string } {
  const name = decodeName(
    header.fileNameRaw,
    header.generalPurposeBitFlag,
    header.extraFields.map(({ id }) => id),
  );
  const path = checkName(name, limits);
  const { kind, executable } = kindOf(name, header.externalFileAttributes);
  const { uncompressedSize: size, compressedSize, compressionMethod: method } = header;
  if ((header.generalPurposeBitFlag & ENCRYPTION_FLAGS) !== 0) throw refusal('encrypted', 'is encrypted', name);
  if (method !== STORED && method !== DEFLATED) {
    throw refusal('compression_method', `uses compression method ${method}; stored and deflated are accepted`, name);
  }
  if (kind === 'folder' && size !== 0) throw refusal('kind_mismatch', 'is a folder by its name but holds data', name);
  if (method === STORED && size !== compressedSize) {
    throw refusal('size_mismatch', 'is stored uncompressed with two different sizes', name);
  }
  if (size > limits.fileBytesMax) {
    throw refusal('file_size', `unpacks to ${size} bytes; ${limits.fileBytesMax} are accepted`, name);
  }
  if (size > limits.ratioFreeBytes && size > compressedSize * limits.ratioMax) {
    throw refusal('ratio', `unpacks to more than ${limits.ratioMax} times its size`, name);
  }
  return {
    name,
    path,
    kind,
    executable,
    size,
    compressedSize,
    crc32: header.crc32,
    method: method === STORED ? 'stored' : 'deflated',
  };
}

function checkTotals(headers: readonly Entry[], zipBytes: number, limits: ArchiveLimits): number {
  const total = headers.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > limits.totalBytesMax) {
    throw refusal('total_size', `unpacks to ${total} bytes; ${limits.totalBytesMax} are accepted`);
  }
  if (total > limits.ratioFreeBytes && total > zipBytes * limits.ratioMax) {
    throw refusal('ratio', `unpacks to more than ${limits.ratioMax} times its size`);
  }
  return total;
}

async function locate(zip: ZipFile, header: Entry, name: string, { directoryStart }: Envelope): Promise<Span> {
  const start = header.relativeOffsetOfLocalHeader;
  if (start + LOCAL_HEADER_BYTES > directoryStart) {
    throw refusal('local_header', 'points outside the data of the zip', name);
  }
  const local = await zip.readLocalFileHeaderPromise(header).catch((cause: unknown) => {
    throw refusal('local_header', `has no readable local header: ${reasonOf(cause)}`, name, cause);
  });
  checkLocalHeader(header, local, name);
  const dataEnd = local.fileDataStart + header.compressedSize;
  if (dataEnd > directoryStart) throw refusal('overlap', 'reaches into the directory of the zip', name);
  return {
    name,
    start,
    dataEnd,
    hasDescriptor: (local.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0,
    crc32: header.crc32,
    compressedSize: header.compressedSize,
    size: header.uncompressedSize,
  };
}

function damaged(cause: unknown): RunnerError {
  return cause instanceof RunnerError
    ? cause
    : refusal('directory', `is damaged: ${reasonOf(cause)}`, undefined, cause);
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
