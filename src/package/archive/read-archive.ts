import type { FileHandle } from 'node:fs/promises';
import type { Archive, ArchiveEntry, FileIdentity } from './archive.js';
import { checkCollisions } from './collisions.js';
import { kindOf } from './entry-kind.js';
import { checkName, decodeName } from './entry-name.js';
import { checkExtraFields } from './extra-fields.js';
import { LOCAL_BYTES, readCentralHeader, readLocalHeader } from './headers.js';
import type { CentralHeader, ZipHeader } from './headers.js';
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
import { centralNumbers } from './zip64.js';
import type { Sizes } from './zip64.js';
import { LoopBreaks } from '../loop-breaks.js';

const ENCRYPTION_FLAGS = 0x1 | 0x40 | 0x2000;
/** How hard the packer tried, a descriptor, UTF-8: every reader knows these, and what else there is changes the data. */
const KNOWN_FLAGS = 0x2 | 0x4 | 0x8 | 0x800;
const STORED = 0;
const DEFLATED = 8;
/** 6.3, the last version that says what it needs. */
const VERSION_MAX = 63;
/** What a packer makes of nothing. */
const EMPTY_DEFLATED_BYTES = 2;

export interface ReadOptions {
  /** A wheel: an installer reads it after us, and takes names without the UTF-8 flag in another way. */
  readonly isInstalled?: boolean;
}

/**
 * Reads the directory of a zip from an unknown hand under the whole policy: afterwards every name is
 * safe, every byte of the file has one owner, and all readers would see the same. No data is unpacked; that the data
 * keeps what the directory promises is proved by reading it (`entryChunks`, `extractArchive`).
 *
 * @throws RunnerError invalid_zip with `details: { check, entry? }`
 */
export function readArchive(
  path: string,
  limits: Partial<ArchiveLimits> = {},
  options: ReadOptions = {},
): Promise<Archive> {
  return withFile(path, (handle, identity) => readDirectory(path, handle, identity, withDefaults(limits), options));
}

async function readDirectory(
  path: string,
  handle: FileHandle,
  identity: FileIdentity,
  limits: ArchiveLimits,
  options: ReadOptions,
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
  const reader = new WindowReader(handle);
  const breaks = new LoopBreaks();
  const named: Named[] = [];
  let at = envelope.directoryStart;
  while (at < envelope.directoryEnd) {
    const header = await readCentralHeader(reader, at, envelope.directoryEnd);
    at += header.bytes;
    if (named.length === envelope.entryCount)
      throw refusal('directory', 'has a directory of another size than it says');
    named.push(inspect(header, limits, options));
    await breaks.pause();
  }
  if (named.length !== envelope.entryCount) throw refusal('directory', 'has a directory of another size than it says');
  const { checkSecondReader } = await import('./second-reader.js'); // with yauzl: 2 MiB that a Runner without zips does without
  await checkSecondReader(handle, identity.size, named, breaks);
  await checkCollisions(named, breaks, 2 * limits.entriesMax);
  const totalBytes = checkTotals(named, identity.size, limits);

  const entries: ArchiveEntry[] = [];
  const spans: Span[] = [];
  for (const { header, name, offset, ...entry } of named) {
    const { size, compressedSize } = entry;
    const span = await locate(reader, { ...header, size, compressedSize }, offset, name, envelope);
    spans.push(span);
    entries.push({ ...entry, dataStart: span.dataEnd - span.compressedSize });
    await breaks.pause();
  }
  await checkSpans(handle, spans, envelope.directoryStart, breaks);
  return { path, identity, entries, totalBytes };
}

/** An entry as its central header tells it. */
interface Named extends Omit<ArchiveEntry, 'dataStart'> {
  readonly header: CentralHeader;
  readonly name: string;
  readonly offset: number;
}

/** Everything one central header can be refused for by itself. */
function inspect(header: CentralHeader, limits: ArchiveLimits, { isInstalled = false }: ReadOptions): Named {
  const { flags, method } = header;
  const name = decodeName(header.nameRaw, flags, isInstalled);
  const path = checkName(name, limits);
  checkExtraFields(header.extra, header.nameRaw, name);
  const { kind, executable } = kindOf(name, header.externalAttributes);
  if ((flags & ENCRYPTION_FLAGS) !== 0) throw refusal('encrypted', 'is encrypted', name);
  if ((flags & ~KNOWN_FLAGS) !== 0) throw refusal('flags', 'has a flag that not every reader knows', name);
  if (header.versionNeeded > VERSION_MAX) throw refusal('flags', 'needs a version nobody has', name);
  if (method !== STORED && method !== DEFLATED) {
    throw refusal('compression_method', `uses compression method ${method}; stored and deflated are accepted`, name);
  }
  const { size, compressedSize, offset } = centralNumbers(header, name);
  const isEmptyFolder = size === 0 && compressedSize <= (method === STORED ? 0 : EMPTY_DEFLATED_BYTES);
  if (kind === 'folder' && !isEmptyFolder) {
    throw refusal('kind_mismatch', 'is a folder by its name but holds data', name);
  }
  if (method === STORED && size !== compressedSize) {
    throw refusal('size_mismatch', 'is stored uncompressed with two different sizes', name);
  }
  if (method === STORED && (flags & DESCRIPTOR_FLAG) !== 0 && size > 0) {
    throw refusal('descriptor', 'is stored uncompressed and tells its size only behind its data', name);
  }
  if (size > limits.fileBytesMax) {
    throw refusal('file_size', `unpacks to ${size} bytes; ${limits.fileBytesMax} are accepted`, name);
  }
  if (size > limits.ratioFreeBytes && size > compressedSize * limits.ratioMax) {
    throw refusal('ratio', `unpacks to more than ${limits.ratioMax} times its size`, name);
  }
  return {
    ...{ header, name, offset, path, kind, executable, size, compressedSize },
    crc32: header.crc32,
    method: method === STORED ? 'stored' : 'deflated',
  };
}

function checkTotals(entries: readonly Named[], zipBytes: number, limits: ArchiveLimits): number {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.totalBytesMax) {
    throw refusal('total_size', `unpacks to ${total} bytes; ${limits.totalBytesMax} are accepted`);
  }
  if (total > limits.ratioFreeBytes && total > zipBytes * limits.ratioMax) {
    throw refusal('ratio', `unpacks to more than ${limits.ratioMax} times its size`);
  }
  return total;
}

async function locate(
  reader: WindowReader,
  header: ZipHeader & Sizes,
  start: number,
  name: string,
  { directoryStart }: Envelope,
): Promise<Span> {
  if (start + LOCAL_BYTES > directoryStart) {
    throw refusal('local_header', 'points outside the data of the zip', name);
  }
  const local = await readLocalHeader(reader, start, name);
  checkLocalHeader(header, local, name);
  const { size, compressedSize, crc32 } = header;
  const dataEnd = local.dataStart + compressedSize;
  if (dataEnd > directoryStart) throw refusal('overlap', 'reaches into the directory of the zip', name);
  const hasDescriptor = (local.flags & DESCRIPTOR_FLAG) !== 0;
  return { name, start, dataEnd, hasDescriptor, crc32, compressedSize, size };
}
