import { parseDependency } from '../requirements/dependency.js';
import type { Dependency } from '../requirements/dependency.js';
import { parseSpecifiers } from '../requirements/specifier.js';
import type { Specifier } from '../requirements/specifier.js';
import type { HeaderReader } from './headers.js';

/** What METADATA says of a distribution, as far as installing it needs. */
export interface Metadata {
  readonly name: string;
  readonly version: string;
  readonly requiresPython: readonly Specifier[];
  readonly requiresDist: readonly Dependency[];
}

export const METADATA_FIELDS = ['name', 'version', 'requires-python', 'requires-dist'] as const;

/** The metadata, or what is wrong with it. */
export function metadataOf(headers: HeaderReader): Metadata | { readonly problem: string } {
  const [name, version] = [headers.first('name'), headers.first('version')];
  if (name === undefined || version === undefined) return { problem: 'has metadata without a name or a version' };
  const requiresPython = parseSpecifiers(headers.first('requires-python') ?? '');
  if (requiresPython === undefined) return { problem: 'has metadata with a Requires-Python that cannot be understood' };
  const requiresDist: Dependency[] = [];
  for (const line of headers.all('requires-dist')) {
    const dependency = parseDependency(line);
    if ('problem' in dependency)
      return { problem: `requires ${JSON.stringify(line.slice(0, 120))}, which ${dependency.problem}` };
    requiresDist.push(dependency);
  }
  return { name, version, requiresPython, requiresDist };
}
