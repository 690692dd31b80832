import { constants } from 'node:fs';
import { lstat, mkdir, open, rm, rmdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import type { Archive, ArchiveEntry } from './archive.js';
import { entryChunks } from './entry-chunks.js';
import { withDefaults } from './limits.js';
import type { ArchiveLimits } from './limits.js';
import { withArchiveFile } from './open-file.js';
import { refusal } from './refusal.js';

/*
 * INVARIANTS
 * - Nothing is written outside `folder`, nothing that is there is overwritten, no link is followed.
 * - Real bytes count: an entry that unpacks to more than it declared stops at the first byte too many.
 * - After a failure or an abort, every file and folder this call made is gone again.
 */

const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const FOLDER_MODE = 0o755;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export interface ExtractProgress {
  readonly entries: number;
  readonly entriesTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number;
}

export interface ExtractOptions {
  readonly limits?: Partial<ArchiveLimits>;
  /** From a path in the archive to its path under `folder`; entries it does not name are left out. All, when absent. */
  readonly plan?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExtractProgress) => void;
}

/**
 * Unpacks an archive into `folder`, which may exist; its parent must.
 *
 * @throws RunnerError invalid_zip, store_io_failed when the folder cannot take it; the signal's reason when aborted
 */
export async function extractArchive(archive: Archive, folder: string, options: ExtractOptions = {}): Promise<void> {
  const { plan, signal, onProgress } = options;
  const { totalBytesMax } = withDefaults(options.limits);
  const wanted = archive.entries.flatMap((entry) => {
    const target = plan === undefined ? entry.path : plan.get(entry.path);
    return target === undefined ? [] : [{ entry, target }];
  });
  const bytesTotal = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
  const writer = new Writer(folder);
  let bytes = 0;

  await withArchiveFile(archive, async (handle) => {
    try {
      await writer.makeFolder('');
      for (const [index, { entry, target }] of wanted.entries()) {
        signal?.throwIfAborted();
        if (entry.kind === 'folder') await writer.makeFolder(target);
        else {
          await writer.writeFile(target, entry, count(entryChunks(handle, entry)));
        }
        onProgress?.({ entries: index + 1, entriesTotal: wanted.length, bytes, bytesTotal });
      }
    } catch (error) {
      await writer.undo();
      throw isSystemError(error) ? cannotWrite(folder, error) : error;
    }
  });

  async function* count(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > totalBytesMax) throw refusal('total_size', `unpacks to more than ${totalBytesMax} bytes`);
      yield chunk;
    }
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

const cannotWrite = (folder: string, cause: NodeJS.ErrnoException): RunnerError =>
  new RunnerError('store_io_failed', `Unpacking into ${folder} failed: ${cause.message}.`, {
    details: { folder, errno: cause.code },
    cause,
  });

/** Makes files and folders under one root and can take all of them back. */
class Writer {
  readonly #made: { path: string; kind: 'file' | 'folder' }[] = [];
  readonly #folders = new Set<string>();

  constructor(private readonly root: string) {}

  async makeFolder(target: string): Promise<void> {
    if (this.#folders.has(target)) return;
    const above = dirname(target);
    if (target !== '') await this.makeFolder(above === '.' ? '' : above);
    const path = join(this.root, target);
    try {
      await mkdir(path, { mode: FOLDER_MODE });
      this.#made.push({ path, kind: 'folder' });
    } catch (cause) {
      // Only a real folder will do; a link in its place would lead the files elsewhere.
      const there = await lstat(path).catch(() => undefined);
      if (there?.isDirectory() !== true) throw cause;
    }
    this.#folders.add(target);
  }

  async writeFile(target: string, entry: ArchiveEntry, chunks: AsyncIterable<Buffer>): Promise<void> {
    const above = dirname(target);
    await this.makeFolder(above === '.' ? '' : above);
    const path = join(this.root, target);
    const mode = entry.executable ? EXECUTABLE_MODE : FILE_MODE;
    const file = await open(path, NEW_FILE, mode);
    this.#made.push({ path, kind: 'file' });
    try {
      for await (const chunk of chunks) await writeAll(file, chunk);
      // Whatever the umask took away: the deployed folder is read by the algorithm's process.
      await file.chmod(mode);
    } finally {
      await file.close();
    }
  }

  /** Last made, first removed; a folder that somebody else put something into stays. */
  async undo(): Promise<void> {
    for (const { path, kind } of this.#made.reverse()) {
      if (kind === 'file') await rm(path, { force: true });
      else await rmdir(path).catch(() => undefined);
    }
  }
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten;
}
