import { normaliseName } from '../requirements/project-name.js';
import { parseVersion } from '../requirements/version.js';
import type { Version } from '../requirements/version.js';

/** What the file name of a wheel says (PEP 427). */
export interface WheelName {
  readonly file: string;
  /** As it compares (PEP 503). */
  readonly key: string;
  readonly version: Version;
  /** Number of the build, 0 when there is none: the higher wins. */
  readonly build: number;
  /** Every `python-abi-platform` the compressed tags stand for. */
  readonly tags: readonly string[];
}

const SHAPE = /^([^-]+)-([^-]+)(?:-(\d+)([^-]*))?-([\w.]+)-([\w.]+)-([\w.]+)\.whl$/;
const TAGS_MAX = 500;

/** Undefined for what is not the name of a wheel. */
export function parseWheelName(file: string): WheelName | undefined {
  const [, name = '', version = '', build = '0', , pythons = '', abis = '', platforms = ''] = SHAPE.exec(file) ?? [];
  // Names and versions escape "-" as "_".
  const parsed = parseVersion(version.replaceAll('_', '-'));
  if (name === '' || parsed === undefined || !/^[\w.]+$/.test(name)) return undefined;
  const tags = pythons
    .split('.')
    .flatMap((python) =>
      abis.split('.').flatMap((abi) => platforms.split('.').map((platform) => `${python}-${abi}-${platform}`)),
    );
  if (tags.length > TAGS_MAX) return undefined;
  return { file, key: normaliseName(name), version: parsed, build: Number(build), tags };
}

/** Runs everywhere: neither compiled for an interpreter nor for a platform. */
export const isPure = ({ tags }: WheelName): boolean => tags.every((tag) => tag.endsWith('-none-any'));
