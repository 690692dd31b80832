import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './shell-blocks.js';

const FOLDERS = ['docs', 'machines', 'src', 'test', 'scripts', 'bench', 'examples', 'sdk', 'runtime_store/README.md'];
const PASSED_OVER = /(^|\/)(dist|node_modules|__pycache__|\.venv|build|[\w-]+\.egg-info)\//;

/** Every file of the project that people write or generate, by its path from the root. */
export const FILES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => statSync(join(ROOT, name)).isFile()),
  ...FOLDERS.flatMap((folder) =>
    statSync(join(ROOT, folder)).isFile()
      ? [folder]
      : readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length)),
  ),
].filter((path) => !PASSED_OVER.test(path));

export const PAGES = FILES.filter((path) => path.endsWith('.md'));
export const CODE = FILES.filter((path) => /\.(ts|js|cjs|py)$/.test(path));

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const NAMES: ReadonlySet<string> = new Set(FILES.map((path) => basename(path)));
/** Whether the project has a file of this name, somewhere. */
export const isNameOfFile = (name: string): boolean => NAMES.has(name);
/** Whether it is a file or a folder, from the root; of decisions the number is enough. */
export const isPath = (path: string): boolean =>
  existsSync(join(ROOT, path)) ||
  (/^docs\/decisions\/\d{4}$/.test(path) && FILES.some((file) => file.startsWith(`${path}-`)));

/** A page without what stands in its fenced blocks: those show commands, output and examples. */
export function proseOf(page: string): string {
  let fenced = false;
  return textOf(page)
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) fenced = !fenced;
      return fenced || line.startsWith('```') ? '' : line;
    })
    .join('\n');
}

/** The comments of a program, with as many lines as it has. */
export const commentsOf = (path: string): string =>
  textOf(path)
    .split('\n')
    .map((line) => /^\s*(?:\/\*\*?|\*|\/\/|#|""")(.*)/.exec(line)?.[1] ?? / \/\/ (.*)/.exec(line)?.[1] ?? '')
    .join('\n');

/** The anchors of a page, as they are made of headings on the web. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#{1,6} (.*)$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Every match of a pattern with where it stands, `path:line what`; `what` is its first group. */
export const found = (path: string, text: string, pattern: RegExp): readonly (readonly [what: string, at: string])[] =>
  text
    .split('\n')
    .flatMap((line, i) =>
      [...line.matchAll(pattern)].map(([, what = '']) => [what, `${path}:${i + 1} ${what}`] as const),
    );
