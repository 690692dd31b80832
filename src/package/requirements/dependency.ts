import type { Marker } from './marker.js';
import { nearVersion } from './near-version.js';
import { parseMarker } from './parse-marker.js';
import { PROJECT_NAME, normaliseName } from './project-name.js';
import { parseSpecifiers } from './specifier.js';
import type { Specifier } from './specifier.js';

/** A dependency as PEP 508 writes it: `name[extra]>=1,<2; marker`, or `name @ url`. */
export interface Dependency {
  /** As written. */
  readonly name: string;
  /** As it compares (PEP 503). */
  readonly key: string;
  readonly extras: readonly string[];
  readonly specifiers: readonly Specifier[];
  readonly url?: string;
  readonly marker?: Marker;
  readonly text: string;
}

/** No part can begin where the one before it might also end: the name is taken whole, and spaces come one at a time. */
const SHAPE = new RegExp(
  `^(?=(?<name>${PROJECT_NAME}))\\k<name> ?(?:\\[(?<extras>[^\\]]*)\\] ?)?` +
    '(?:@ ?(?<url>\\S+)|\\((?<bracketed>[^)]*)\\)|(?<plain>[^;()@]*)) ?(?:;(?<marker>.*))?$',
);

/** Real ones have some hundred. */
const TEXT_LENGTH_MAX = 4096;
const SHOWN_TEXT = 100;

/** The dependency, or why the text is none. */
export function parseDependency(text: string): Dependency | { readonly problem: string } {
  if (text.length > TEXT_LENGTH_MAX) return { problem: `is longer than ${TEXT_LENGTH_MAX} characters` };
  const groups = SHAPE.exec(text.trim().replaceAll(/\s+/g, ' '))?.groups;
  if (groups === undefined) return { problem: 'is not "name==version"' };
  const name = groups['name'] ?? '';
  const written = (groups['bracketed'] ?? groups['plain'] ?? '').trim();
  const specifiers = parseSpecifiers(written);
  if (specifiers === undefined) {
    const near = nearVersion(written.replace(/^[=~<>!]+\s*/, ''));
    const better = near === undefined ? '' : `; pip refuses it from 24.1 on, where ${near} is understood`;
    return { problem: `has a version that cannot be understood: "${written.slice(0, SHOWN_TEXT)}"${better}` };
  }
  const extras = (groups['extras'] ?? '').split(',').map((extra) => extra.trim());
  const markerText = groups['marker']?.trim();
  const marker = markerText === undefined ? undefined : parseMarker(markerText);
  if (markerText !== undefined && marker === undefined) {
    return { problem: `has a marker that cannot be understood: "${markerText.slice(0, SHOWN_TEXT)}"` };
  }
  return {
    name,
    key: normaliseName(name),
    extras: extras.filter((extra) => extra !== '').map(normaliseName),
    specifiers,
    ...(groups['url'] === undefined ? {} : { url: groups['url'] }),
    ...(marker === undefined ? {} : { marker }),
    text: text.trim(),
  };
}
