import { parseDependency } from '../requirements/dependency.js';
import type { Dependency } from '../requirements/dependency.js';
import { modernSpecifiers } from '../requirements/old-specifiers.js';
import { parseSpecifiers } from '../requirements/specifier.js';
import type { Specifier } from '../requirements/specifier.js';
import type { HeaderReader } from './headers.js';

/** What METADATA says of a distribution, as far as installing it needs. */
export interface Metadata {
  readonly name: string;
  readonly version: string;
  readonly requiresPython: readonly Specifier[];
  readonly requiresDist: readonly Dependency[];
  /** What is written in a way of old, or cannot be understood and is passed over as installers do. */
  readonly warnings: readonly string[];
}

export const METADATA_FIELDS = ['name', 'version', 'requires-python', 'requires-dist'] as const;

/** The metadata, or what is wrong with it. */
export function metadataOf(headers: HeaderReader): Metadata | { readonly problem: string } {
  const [name, version] = [headers.first('name'), headers.first('version')];
  if (name === undefined || version === undefined) return { problem: 'has metadata without a name or a version' };
  const warnings: string[] = [];
  const wanted = headers.first('requires-python') ?? '';
  const requiresPython = parseSpecifiers(modernised(wanted, 'Requires-Python', warnings));
  if (requiresPython === undefined) {
    warnings.push(`has a Requires-Python that cannot be understood and is passed over: ${shown(wanted)}`);
  }
  const requiresDist: Dependency[] = [];
  for (const line of headers.all('requires-dist')) {
    const dependency = parseDependency(modernised(line, 'Requires-Dist', warnings));
    if ('problem' in dependency) return { problem: `requires ${shown(line)}, which ${dependency.problem}` };
    requiresDist.push(dependency);
  }
  return { name, version, requiresPython: requiresPython ?? [], requiresDist, warnings };
}

/** Markers keep theirs, where `'2.7.*'` is compared as text. */
function modernised(text: string, field: string, warnings: string[]): string {
  const [requirement = '', ...marker] = text.split(';');
  const modern = modernSpecifiers(requirement);
  if (modern === requirement) return text;
  warnings.push(`writes ${field} in the way of old: ${shown(text)} is read as ${modern.trim()}`);
  return [modern, ...marker].join(';');
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 120));
