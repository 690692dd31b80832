import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIgnore } from './ignore.js';
import type { Ignore } from './ignore.js';

export interface ProjectFile {
  /** Relative to the project, `/` between folders. */
  readonly path: string;
  readonly executable: boolean;
}

export interface ProjectFiles {
  readonly files: readonly ProjectFile[];
  /** Links and other things that are no plain files. */
  readonly skipped: readonly string[];
}

/** The files of a project that belong into its package, sorted by path. */
export async function collectFiles(project: string): Promise<ProjectFiles> {
  const files: ProjectFile[] = [];
  const skipped: string[] = [];
  await walk('', await readIgnore(project));
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), skipped: skipped.sort() };

  async function walk(folder: string, ignore: Ignore): Promise<void> {
    for (const entry of await readdir(join(project, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (ignore(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) {
        if (!(await isEnvironment(join(project, path)))) await walk(path, ignore);
      } else if (entry.isFile()) {
        const { mode } = await stat(join(project, path));
        files.push({ path, executable: (mode & 0o111) !== 0 });
      } else skipped.push(path);
    }
  }
}

/** A virtual environment, whatever its folder is called. */
const isEnvironment = (folder: string): Promise<boolean> =>
  access(join(folder, 'pyvenv.cfg')).then(
    () => true,
    () => false,
  );
