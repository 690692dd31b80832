import { access, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { readIgnore } from './ignore.js';
import type { Ignore, WhyLeftOut } from './ignore.js';

export interface ProjectFile {
  /** Relative to the project, `/` between folders. */
  readonly path: string;
  readonly executable: boolean;
  readonly bytes: number;
}

/** A folder stands for all that is in it, and ends with a slash. */
export interface LeftOut {
  readonly path: string;
  readonly why: WhyLeftOut | 'environment' | 'store' | 'output' | 'not a plain file';
}

export interface ProjectFiles {
  readonly files: readonly ProjectFile[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * The files of a project that belong into its package, and what does not, sorted by path.
 *
 * @param output the zip that is made: it is not packed into itself
 * @throws RunnerError invalid_zip for a name that no zip can hold
 */
export async function collectFiles(project: string, output?: string): Promise<ProjectFiles> {
  const files: ProjectFile[] = [];
  const leftOut: LeftOut[] = [];
  const self = output === undefined ? '' : relative(project, output);
  await walk('', await readIgnore(project));
  return { files: files.sort(byPath), leftOut: leftOut.sort(byPath) };

  async function walk(folder: string, ignore: Ignore): Promise<void> {
    for (const entry of await readdir(join(project, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path.includes('\ufffd')) throw notUtf8(path);
      if (path.includes('\\')) throw withBackslash(path);
      const why = path === self ? 'output' : ignore(path, entry.isDirectory());
      if (why !== null) leftOut.push({ path: entry.isDirectory() ? `${path}/` : path, why });
      else if (entry.isDirectory()) await enter(path, ignore);
      else if (entry.isFile()) {
        const { mode, size } = await stat(join(project, path));
        files.push({ path, executable: (mode & 0o111) !== 0, bytes: size });
      } else leftOut.push({ path, why: 'not a plain file' });
    }
  }

  async function enter(path: string, ignore: Ignore): Promise<void> {
    const isThere = (name: string): Promise<boolean> => canAccess(join(project, path, name));
    // A virtual environment, whatever its folder is called, and a store that a Runner made where its author works.
    if ((await isThere('pyvenv.cfg')) || (await isThere('conda-meta')))
      leftOut.push({ path: `${path}/`, why: 'environment' });
    else if ((await isThere('registry.json')) && (await isThere('algorithms/deployed')))
      leftOut.push({ path: `${path}/`, why: 'store' });
    else await walk(path, ignore);
  }
}

/** What an author should know of: what looks like a secret, and what looks like a file and is none. */
export function leftOutWarnings(leftOut: readonly LeftOut[]): readonly string[] {
  return leftOut.flatMap(({ path, why }) => {
    if (why === 'secret')
      return [`${path} looks like a secret and was left out; a line "!${path}" in .procvisionignore takes it in`];
    return why === 'not a plain file' ? [`${path} is not a plain file and was left out`] : [];
  });
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number => (a.path < b.path ? -1 : 1);

const canAccess = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const notUtf8 = (path: string): RunnerError =>
  new RunnerError('invalid_zip', `The project holds ${JSON.stringify(path)}, whose name is not UTF-8.`, {
    hint: 'Rename it (convmv -f gbk -t utf8, for names of an older system), or leave it out by .procvisionignore.',
    details: { check: 'name_encoding', entry: path },
  });

/** The writer of zips would take it for a folder. */
const withBackslash = (path: string): RunnerError =>
  new RunnerError('invalid_zip', `The project holds ${JSON.stringify(path)}, which has a backslash in its name.`, {
    hint: 'Rename it, or leave it out by .procvisionignore: other systems take it for a folder and a file.',
    details: { check: 'backslash', entry: path },
  });
