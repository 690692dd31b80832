import { parseDependency } from '../requirements/dependency.js';
import type { Dependency } from '../requirements/dependency.js';
import { parseSpecifiers } from '../requirements/specifier.js';
import type { Specifier } from '../requirements/specifier.js';

/** What METADATA says of a distribution, as far as installing it needs. */
export interface Metadata {
  readonly name: string;
  readonly version: string;
  readonly requiresPython: readonly Specifier[];
  readonly requiresDist: readonly Dependency[];
}

/** The headers, or what is wrong with them. */
export function parseMetadata(text: string): Metadata | { readonly problem: string } {
  const headers = parseHeaders(text);
  const first = (name: string): string | undefined => headers.get(name)?.[0];
  const [name, version] = [first('name'), first('version')];
  if (name === undefined || version === undefined) return { problem: 'has metadata without a name or a version' };
  const requiresPython = parseSpecifiers(first('requires-python') ?? '');
  if (requiresPython === undefined) return { problem: 'has metadata with a Requires-Python that cannot be understood' };
  const requiresDist: Dependency[] = [];
  for (const line of headers.get('requires-dist') ?? []) {
    const dependency = parseDependency(line);
    if ('problem' in dependency)
      return { problem: `requires ${JSON.stringify(line.slice(0, 120))}, which ${dependency.problem}` };
    requiresDist.push(dependency);
  }
  return { name, version, requiresPython, requiresDist };
}

/** Headers as in e-mail, by lower-case name, up to the first empty line; a line that begins with a space continues. */
export function parseHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}
