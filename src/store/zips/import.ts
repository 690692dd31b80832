import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import {
  closeQuietlyAfter,
  createTemp,
  discardTemp,
  hashOpenFile,
  io,
  isTempName,
  isVisible,
  kindOf,
  listIfThere,
  nodeFileSystem,
  openToRead,
  publishTemp,
  readChunks,
  removeDurable,
  requireSpace,
  sameFacts,
  syncFolder,
  withVisible,
  writeAll,
} from '../durable/index.js';
import type { FileSystem, OpenFile } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { isSafeFileName } from '../../base/files/index.js';
import { requireSafeFileName } from '../safe-name.js';

/** @property known the same content was there already, under this name */
export interface ImportedZip {
  readonly zip: string;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly known: boolean;
}

export interface ImportOptions {
  /** File name to keep it under; that of the source by default. `.zip` is added where it is missing. */
  readonly as?: string;
  /** A larger source is refused before any of it is read. */
  readonly bytesMax?: number;
  /** Runs the last step, which looks what is there and adds to it: two imports may not do so at once. */
  readonly inTurn?: (publish: () => Promise<ImportedZip>) => Promise<ImportedZip>;
}

/**
 * Copies a package into `algorithms/zips/`, durably and read-only. The same content, under whatever name, is kept once.
 * Other content under a name that is taken gets a name of its own, `<stem>.<first of its sha256>.zip`: authors call
 * every package `algo.zip`, and whether two are the same release only their manifests can tell.
 * @throws RunnerError invalid_zip when the source is no file that can be read, invalid_usage when its name is not safe,
 * store_io_failed
 */
export async function importZip(
  layout: StoreLayout,
  sourcePath: string,
  options: ImportOptions = {},
  fs: FileSystem = nodeFileSystem,
): Promise<ImportedZip> {
  const wanted = requireSafeFileName('zip', withSuffix(options.as ?? basename(sourcePath)));
  const source = await openSource(sourcePath, fs);
  return closeQuietlyAfter(source, async () => {
    const hash = createHash('sha256');
    let size = 0;
    const path = join(layout.zips, wanted);
    const before = await io('stat', sourcePath, () => source.facts());
    await requireRoom(layout, sourcePath, before.size, options.bytesMax, fs);
    const temp = await createTemp(
      path,
      0o444,
      async (file) => {
        const take = async (chunk: Uint8Array): Promise<void> => {
          hash.update(chunk);
          await writeAll(path, file, chunk);
        };
        // One byte more than there was shows that it grows, and a file without an end has one.
        size = await readChunks(sourcePath, source, take, { end: before.size + 1 });
        const after = await io('stat', sourcePath, () => source.facts());
        if (size !== before.size || !sameFacts(before, after)) throw changedMeanwhile(sourcePath);
      },
      fs,
    );
    const content = { sha256: hash.digest('hex'), size };
    const { inTurn = (publish) => publish() } = options;
    return inTurn(() => publishOnce(layout, temp, wanted, content, fs));
  });
}

async function requireRoom(
  layout: StoreLayout,
  path: string,
  size: number,
  bytesMax: number | undefined,
  fs: FileSystem,
): Promise<void> {
  if (bytesMax !== undefined && size > bytesMax) {
    throw new RunnerError('invalid_zip', `${path} has ${size} bytes; ${bytesMax} are accepted.`, {
      hint: 'Where a package is to be that large, the host raises packageLimits.zipBytesMax.',
      details: { check: 'zip_size', path, bytes: size, limit: 'zipBytesMax', accepted: bytesMax },
    });
  }
  await requireSpace(layout.zips, { bytes: size, entries: 1 }, `Taking in ${path}`, fs);
}

const changedMeanwhile = (path: string): RunnerError =>
  new RunnerError('invalid_zip', `${path} changed while it was copied.`, {
    hint: 'Wait until whoever writes it is done, then install it again.',
    details: { check: 'changed', path },
  });

/** Removes a zip durably; one that is not there is as good as removed. @throws RunnerError store_io_failed */
export async function removeZip(layout: StoreLayout, zip: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await removeDurable(layout.zip(zip), fs);
}

/** From here on the temporary file is published or removed. The store is locked and imports take turns: nobody publishes beside us. */
async function publishOnce(
  layout: StoreLayout,
  temp: string,
  wanted: string,
  content: { sha256: string; size: number },
  fs: FileSystem,
): Promise<ImportedZip> {
  try {
    const known = await findContent(layout, content, fs);
    if (known !== undefined) {
      await discardTemp(temp, fs);
      return { zip: known, path: join(layout.zips, known), ...content, known: true };
    }
    const taken = (await kindOf(join(layout.zips, wanted), fs)) !== undefined;
    const zip = taken ? nameByContent(wanted, content.sha256) : wanted;
    const path = join(layout.zips, zip);
    await publishOrRemove(temp, path, fs);
    return { zip, path, ...content, known: false };
  } catch (error) {
    await discardTemp(temp, fs);
    throw error;
  }
}

/** What is not known to be durable is not left to be found by the next scan. */
async function publishOrRemove(temp: string, path: string, fs: FileSystem): Promise<void> {
  try {
    await publishTemp(temp, path, fs);
  } catch (error) {
    if (!isVisible(error)) throw error;
    const gone = await fs.removeFile(path).then(
      () => true,
      () => false,
    );
    throw withVisible(error, !gone);
  }
}

/** Only files of the same size are read. */
async function findContent(
  layout: StoreLayout,
  content: { sha256: string; size: number },
  fs: FileSystem,
): Promise<string | undefined> {
  for (const { name, kind } of await listIfThere(layout.zips, fs)) {
    if (kind !== 'file' || isTempName(name) || !SUFFIX.test(name)) continue;
    const path = join(layout.zips, name);
    const opened = await openToRead(path, fs).catch(() => undefined);
    if (opened?.kind !== 'open') continue;
    const { file } = opened;
    const same = await closeQuietlyAfter(file, async () => {
      const { size } = await io('stat', path, () => file.facts());
      if (size !== content.size || (await hashOpenFile(path, file)).sha256 !== content.sha256) return false;
      await io('sync', path, () => file.sync()); // a person put it there, and synced nothing
      return true;
    });
    if (!same) continue;
    await syncFolder(layout.zips, fs);
    return name;
  }
  return undefined;
}

const SUFFIX = /\.zip$/i;

function withSuffix(name: string): string {
  return SUFFIX.test(name) ? name : `${name}.zip`;
}

function nameByContent(wanted: string, sha256: string): string {
  const name = `${wanted.replace(SUFFIX, '')}.${sha256.slice(0, 12)}.zip`;
  return isSafeFileName(name) ? name : `${sha256}.zip`;
}

async function openSource(path: string, fs: FileSystem): Promise<OpenFile> {
  const opened = await openToRead(path, fs, 'follow');
  switch (opened.kind) {
    case 'open':
      return opened.file;
    case 'missing':
      throw new RunnerError('invalid_zip', `There is no file ${path}.`, { details: { path } });
    case 'unfit':
      throw new RunnerError('invalid_zip', `${path} ${opened.reason}.`, { details: { path } });
  }
}
