import type { EntryPoint } from './manifest.js';
import { relativePathProblem, tidyPath } from './relative-path.js';

const IDENTIFIER = '[\\p{ID_Start}_][\\p{ID_Continue}]*';
const DOTTED = `${IDENTIFIER}(?:\\.${IDENTIFIER})*`;
const CLASS = new RegExp(`^(?<module>${DOTTED}):(?<className>${DOTTED})$`, 'u');
const MODULE = new RegExp(`^${DOTTED}$`, 'u');

/** A class by its file, which other tools take: `path/file.py:Class`. */
const FILE_AND_CLASS = /^(?:\.[\\/])?(.+?)(?:\.py)?:(.+)$/;

/** The three forms of contract §3.1; a text that is none of them gives the reason. */
export function parseEntryPoint(text: string): EntryPoint | { readonly problem: string } {
  if (text.endsWith('.py')) {
    const problem = relativePathProblem(text);
    return problem === undefined ? { kind: 'file', text, path: tidyPath(text) } : { problem };
  }
  const found = CLASS.exec(text)?.groups;
  if (found !== undefined) {
    return { kind: 'class', text, module: found['module'] ?? '', className: found['className'] ?? '' };
  }
  if (MODULE.test(text)) return { kind: 'module', text, module: text };
  const [, path, className] = FILE_AND_CLASS.exec(text) ?? [];
  const meant = `${path?.replaceAll(/[\\/]+/g, '.') ?? ''}:${className ?? ''}`;
  const hint = CLASS.test(meant) ? `; write "${meant}"` : '';
  return { problem: `must be "module.sub:Class", "module.sub" or "path/file.py"${hint}` };
}
