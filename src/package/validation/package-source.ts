import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import type { Archive } from '../archive/archive.js';
import { readEntry } from '../archive/entry-chunks.js';
import { withArchiveFile } from '../archive/open-file.js';
import { isLitter } from '../layout/litter.js';
import type { PackageLayout } from '../layout/locate-package.js';

/** The files of a package, whether they lie in a zip or in a folder, by their place in the deployed folder. */
export interface PackageSource {
  /** The zip or folder: whose threads its texts take. */
  readonly subject: string;
  readonly files: ReadonlySet<string>;
  /** @throws RunnerError invalid_zip when it is larger than `bytesMax` or damaged */
  read(path: string, bytesMax: number): Promise<Buffer>;
}

export function zipSource(archive: Archive, layout: PackageLayout): PackageSource {
  return {
    subject: archive.path,
    files: new Set(layout.files.keys()),
    read(path, bytesMax) {
      const entry = layout.files.get(path);
      if (entry === undefined) throw absent(path);
      return withArchiveFile(archive, (handle) => readEntry(handle, entry, bytesMax));
    },
  };
}

/** @param files relative paths, `/` between folders */
export function folderSource(folder: string, files: readonly string[]): PackageSource {
  return {
    subject: folder,
    files: new Set(files),
    async read(path, bytesMax) {
      const { size } = await stat(join(folder, path));
      if (size > bytesMax) throw new RunnerError('invalid_zip', `${path} has ${size} bytes; ${bytesMax} are accepted.`);
      return readFile(join(folder, path));
    },
  };
}

const absent = (path: string): RunnerError => new RunnerError('invalid_zip', `The package has no ${path}.`);

/** The wheels of a folder on disk, as full paths, in order. */
export async function wheelPaths(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.whl') && !isLitter(name))
    .sort()
    .map((name) => join(folder, name));
}
