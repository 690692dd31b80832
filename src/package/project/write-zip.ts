import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ZipFile } from 'yazl';

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
export async function writeZip(
  output: string,
  items: readonly ZipItem[],
  check: (path: string) => Promise<void>,
): Promise<void> {
  const partial = join(dirname(output), `.${basename(output)}.${process.pid}.partial`);
  // A Runner at rest never writes a zip, and needs no memory for it.
  const yazl = await import('yazl');
  try {
    const zip = new yazl.ZipFile();
    for (const item of [...items].sort((a, b) => (a.path < b.path ? -1 : 1))) add(zip, item);
    zip.end();
    // yazl reports a file it cannot read on itself, not on its stream.
    const failed = new Promise<never>((_, reject) => zip.on('error', reject));
    await Promise.race([pipeline(zip.outputStream, createWriteStream(partial)), failed]);
    await check(partial);
    await sync(partial);
    await rename(partial, output);
    await sync(dirname(output));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function add(zip: ZipFile, { path, content, executable = false, packed = false }: ZipItem): void {
  const options = {
    mtime: FIXED_TIME,
    mode: executable ? 0o100755 : 0o100644,
    // Stored uncompressed, it would tell its size only behind its data, which not every reader finds.
    compressionLevel: packed ? 1 : 6,
    forceDosTimestamp: true,
  };
  if ('file' in content) zip.addFile(content.file, path, options);
  else zip.addBuffer(content.bytes, path, options);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
