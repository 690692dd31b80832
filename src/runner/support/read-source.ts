import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../../base/files/index.js';
import type { BundleSource } from './find-sources.js';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** A source that was opened, as much of it as there is room for. */
export interface OpenSource {
  /** From the first byte that is taken to where it ended when it was opened: a living Runner goes on writing. */
  readonly bytes: number;
  /** How many before that are not. */
  readonly cutBytes: number;
  chunks(): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

/** @returns null where there is no room for it @throws RunnerError store_io_failed, also when it is gone meanwhile */
export async function openSource({ file, mayBeCut }: BundleSource, room: number): Promise<OpenSource | null> {
  const handle = await openRegular(file);
  try {
    const { size } = await handle.stat();
    const start = size <= room ? 0 : mayBeCut ? await lineAfter(handle, size - room, size) : size;
    if (size > 0 && start >= size) {
      await handle.close();
      return null;
    }
    return {
      bytes: size - start,
      cutBytes: start,
      chunks: () => chunksOf(handle, start, size),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Where the first whole line at or after a place begins; the end where no line begins any more. */
async function lineAfter(handle: FileHandle, from: number, size: number): Promise<number> {
  if (from <= 0) return 0;
  for (let at = from - 1; at < size; at += CHUNK_BYTES) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    const found = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    if (found >= 0) return at + found + 1;
    if (bytesRead === 0) break;
  }
  return size;
}

/** What was cut off meanwhile comes as line feeds: the archive has said how long it is. */
async function* chunksOf(handle: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  for (let at = start; at < end;) {
    const wanted = Math.min(CHUNK_BYTES, end - at);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, at);
    yield bytesRead === 0 ? buffer.fill(NEWLINE) : buffer.subarray(0, bytesRead);
    at += bytesRead === 0 ? wanted : bytesRead;
  }
}
