import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ZipFile } from 'yazl';
import { storedInstead } from './constant-data.js';

/** One file of a zip, from the disk or from memory. */
export interface ZipItem {
  readonly path: string;
  readonly content: { readonly file: string } | { readonly bytes: Buffer };
  readonly executable?: boolean;
  /** Packed already: compressed again with little effort. */
  readonly packed?: boolean;
}

// In local time, which is what yazl writes: the bytes are then the same in every time zone.
const FIXED_TIME = new Date(1980, 0, 1);

/**
 * Writes a zip that depends on its content alone: sorted, one time, two modes. The file appears whole or not at all.
 *
 * @param check looks at the finished file before it appears under its name; what it throws keeps it from doing so
 */
export async function writeZip<T>(
  output: string,
  items: readonly ZipItem[],
  check: (path: string) => Promise<T>,
): Promise<T> {
  const partial = join(dirname(output), `.${basename(output)}.${process.pid}.partial`);
  // A Runner at rest never writes a zip, and needs no memory for it.
  const yazl = await import('yazl');
  try {
    const zip = new yazl.ZipFile();
    for (const item of [...items].sort((a, b) => (a.path < b.path ? -1 : 1))) await add(zip, item);
    zip.end();
    // yazl reports a file it cannot read on itself, not on its stream.
    const failed = new Promise<never>((_, reject) => zip.on('error', reject));
    await Promise.race([pipeline(zip.outputStream, createWriteStream(partial)), failed]);
    const found = await check(partial);
    await sync(partial);
    await rename(partial, output);
    await sync(dirname(output));
    return found;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function add(zip: ZipFile, { path, content, executable = false, packed = false }: ZipItem): Promise<void> {
  const options = {
    mtime: FIXED_TIME,
    mode: executable ? 0o100755 : 0o100644,
    // Stored uncompressed, it would tell its size only behind its data, which not every reader finds.
    compressionLevel: packed ? 1 : 6,
    forceDosTimestamp: true,
  };
  if ('bytes' in content) return zip.addBuffer(content.bytes, path, options);
  const stored = await storedInstead(content.file);
  if (stored === undefined) return zip.addFile(content.file, path, options);
  zip.addFile(content.file, path, { ...options, compressionLevel: 0 });
  // Said before the data, as every reader understands it; yazl knows such entries, but makes them of buffers alone.
  Object.assign((zip as unknown as { entries: object[] }).entries.at(-1) ?? {}, stored, { crcAndFileSizeKnown: true });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
