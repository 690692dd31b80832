import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { errnoOf, io, ioFailure } from './failure.js';
import type { EntryKind, FileSystem, OpenFile } from './file-system.js';
import { nodeFileSystem } from './node-file-system.js';
import { closeOnFailure, closeQuietlyAfter } from './temp.js';

const CHUNK_BYTES = 1 << 20;

export type ReadOutcome =
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  /** Something else than an ordinary file of a sensible size lies there; nothing of it was read. */
  | { readonly kind: 'unfit'; readonly reason: string };

/**
 * Reads a small file that somebody else may have laid there: links are not followed, a pipe does not block, a huge
 * file is not loaded.
 * @throws RunnerError store_io_failed when it cannot be read (permission, device, too many open files)
 */
export async function readSmallFile(
  path: string,
  maxBytes: number,
  fs: FileSystem = nodeFileSystem,
): Promise<ReadOutcome> {
  const opened = await openToRead(path, fs);
  if (opened.kind !== 'open') return opened;
  const { file } = opened;
  return closeQuietlyAfter(file, async () => {
    const { size } = await io('stat', path, () => file.facts());
    if (size > maxBytes) return { kind: 'unfit', reason: `has ${size} bytes, more than the ${maxBytes} expected` };
    const chunks: Uint8Array[] = [];
    await readChunks(path, file, (chunk) => chunks.push(Uint8Array.from(chunk)), { end: maxBytes });
    return { kind: 'content', bytes: Buffer.concat(chunks) };
  });
}

type Opened = { readonly kind: 'open'; readonly file: OpenFile } | Exclude<ReadOutcome, { kind: 'content' }>;

/** Opens an ordinary file for reading, or says why what lies there is none. Links are followed only where asked. */
export async function openToRead(path: string, fs: FileSystem, links: 'refuse' | 'follow' = 'refuse'): Promise<Opened> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (links === 'refuse' ? constants.O_NOFOLLOW : 0);
  let file: OpenFile;
  try {
    file = await fs.open(path, flags);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return { kind: 'missing' };
    if (errno === 'ELOOP') return { kind: 'unfit', reason: REASONS.link };
    if (errno === 'ENXIO') return { kind: 'unfit', reason: REASONS.other };
    throw ioFailure('open', path, error);
  }
  const { kind } = await closeOnFailure(file, () => io('stat', path, () => file.facts()));
  if (kind === 'file') return { kind: 'open', file };
  await file.close().catch(() => undefined);
  return { kind: 'unfit', reason: REASONS[kind] };
}

/** Feeds the bytes from `start` up to `end` in chunks that are valid only during the call. */
export async function readChunks(
  path: string,
  file: OpenFile,
  take: (chunk: Uint8Array) => unknown,
  range: { readonly start?: number; readonly end?: number } = {},
): Promise<number> {
  const start = range.start ?? 0;
  const end = range.end ?? Number.MAX_SAFE_INTEGER;
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, end - start)));
  let position = start;
  while (position < end) {
    const wanted = buffer.subarray(0, Math.min(buffer.length, end - position));
    const read = await io('read', path, () => file.read(wanted, position));
    if (read === 0) break;
    await take(wanted.subarray(0, read));
    position += read;
  }
  return position - start;
}

/** sha256 of an open file, in hex, and the bytes it took. */
export async function hashOpenFile(path: string, file: OpenFile): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  const size = await readChunks(path, file, (chunk) => hash.update(chunk));
  return { sha256: hash.digest('hex'), size };
}

const REASONS: Readonly<Record<EntryKind, string>> = {
  file: 'is a file',
  folder: 'is a folder',
  link: 'is a symbolic link, which is not followed',
  other: 'is not an ordinary file',
};
