import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Decides by a path relative to the project, `/` between folders; `true` leaves it out. */
export type Ignore = (path: string, isFolder: boolean) => boolean;

const IGNORE_FILE = '.procvisionignore';

const ALWAYS = [
  '__pycache__/',
  '*.pyc',
  '*.egg-info/',
  '.git/',
  '.hg/',
  '.svn/',
  '.venv/',
  'venv/',
  'node_modules/',
  '.idea/',
  '.vscode/',
  '.mypy_cache/',
  '.pytest_cache/',
  '.ruff_cache/',
  '.tox/',
  '.DS_Store',
  'Thumbs.db',
  '*-offline.zip',
  IGNORE_FILE,
];

/** What never belongs into a package, and the lines of the project's own ignore file. */
export async function readIgnore(project: string): Promise<Ignore> {
  const own = await readFile(join(project, IGNORE_FILE), 'utf8').catch(() => '');
  const lines = own
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const rules = [...ALWAYS, ...lines].map(toRule);
  return (path, isFolder) => rules.some((rule) => rule(path, isFolder));
}

/**
 * One line: a name matches at any depth, a path from the project's root; a slash at the end means folders only;
 * `*` and `?` stay within one name, `**` does not.
 */
function toRule(line: string): Ignore {
  const foldersOnly = line.endsWith('/');
  const pattern = line.replace(/\/$/, '').replace(/^\//, '');
  const anchored = line.replace(/\/$/, '').includes('/');
  const source = pattern
    .split('**')
    .map((part) =>
      part
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]'),
    )
    .join('.*');
  const matcher = new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`);
  return (path, isFolder) => (isFolder || !foldersOnly) && matcher.test(path);
}
