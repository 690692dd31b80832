import { RunnerError } from '../../base/errors/index.js';
import type { Archive, ArchiveEntry } from '../archive/archive.js';
import { foldedKey } from '../archive/collisions.js';
import { isLitter } from './litter.js';

/** Names in a deployed folder that are the Runner's own: the environment, its mark and its record. */
export const RESERVED_NAMES = ['venv', '.incomplete', 'installation.json'] as const;

const MANIFEST = 'manifest.json';
const REQUIREMENTS = 'requirements.txt';
const WHEELS = 'wheels';
/** Folders of the layout that are never the one top folder. */
const NOT_TOP = [WHEELS, 'assets'];

/** Where everything of a package lies in its zip, and where it goes (contract §3). */
export interface PackageLayout {
  /** `''`, or the one top folder with its slash. */
  readonly root: string;
  /** From a path in the zip to its path in the deployed folder. */
  readonly plan: ReadonlyMap<string, string>;
  /** The files by their place in the deployed folder. */
  readonly files: ReadonlyMap<string, ArchiveEntry>;
  /** Entries beside the top folder that are no part of the package. */
  readonly ignored: readonly string[];
  /** Files that desktops leave behind; they are no part of it either. */
  readonly litter: readonly string[];
}

/**
 * Accepts both layouts that tools produce: everything at the root of the zip, or inside one top folder with `wheels/`
 * there or at the root beside it. The deployed folder always has manifest.json, requirements.txt and wheels/ on top.
 *
 * @throws RunnerError manifest_missing for none or several manifests, invalid_zip for a file in a reserved place
 */
export function locatePackage(archive: Archive): PackageLayout {
  const litter = archive.entries.filter(({ path }) => isLitter(path)).map(({ path }) => path);
  const entries = litter.length === 0 ? archive.entries : archive.entries.filter(({ path }) => !isLitter(path));
  const root = findRoot(entries);
  const plan = new Map<string, string>();
  const files = new Map<string, ArchiveEntry>();
  const ignored: string[] = [];
  for (const entry of entries) {
    const target = targetOf(entry.path, root);
    if (target === undefined) ignored.push(entry.path);
    if (target === undefined || target === '') continue;
    checkReserved(target, entry.path);
    if (entry.kind === 'file') {
      const there = files.get(target);
      if (there !== undefined) throw twice(there.path, entry.path);
      files.set(target, entry);
    }
    plan.set(entry.path, target);
  }
  return { root, plan, files, ignored, litter };
}

function findRoot(entries: readonly ArchiveEntry[]): string {
  const manifests = entries.filter(({ path, kind }) => kind === 'file' && isManifestPlace(path));
  const [found, ...others] = manifests.map(({ path }) => path);
  if (found === undefined) throw noManifest(entries);
  if (others.length > 0) {
    const places = [found, ...others].join(', ');
    throw new RunnerError('manifest_missing', `The package has more than one manifest: ${places}.`, {
      hint: 'Keep one manifest.json, at the root of the zip or in its one top folder.',
      details: { manifests: [found, ...others] },
    });
  }
  return found.slice(0, -MANIFEST.length);
}

function isManifestPlace(path: string): boolean {
  const [top = '', name, ...deeper] = path.split('/');
  if (name === undefined) return top === MANIFEST;
  return name === MANIFEST && deeper.length === 0 && !NOT_TOP.includes(top);
}

function noManifest(entries: readonly ArchiveEntry[]): RunnerError {
  const elsewhere = entries.map(({ path }) => path).filter((path) => path.toLowerCase().endsWith(MANIFEST));
  const seen = elsewhere.length === 0 ? '' : ` There is ${elsewhere.slice(0, 3).join(', ')}, which is not the place.`;
  return new RunnerError(
    'manifest_missing',
    `The package has no manifest.json at its root or in one top folder.${seen}`,
    {
      ...(elsewhere[0]?.endsWith(`/${MANIFEST}`) === true
        ? { hint: `Pack what lies in ${elsewhere[0].slice(0, -MANIFEST.length)} itself, not the folders around it.` }
        : {}),
      details: { elsewhere: elsewhere.slice(0, 20) },
    },
  );
}

/** `''` for the top folder itself; undefined for what is no part of the package. */
function targetOf(path: string, root: string): string | undefined {
  if (path.startsWith(root)) return path.slice(root.length);
  if (`${path}/` === root) return '';
  return path === WHEELS || path.startsWith(`${WHEELS}/`) ? path : undefined;
}

function checkReserved(target: string, entry: string): void {
  const top = foldedKey(target.split('/')[0] ?? '');
  if (!RESERVED_NAMES.some((name) => name === top)) return;
  throw new RunnerError('invalid_zip', `The package holds ${entry}, a place the Runner keeps for itself.`, {
    hint: `Leave ${RESERVED_NAMES.join(', ')} out of the package; the environment is built from wheels/.`,
    details: { check: 'layout', entry },
  });
}

const twice = (first: string, second: string): RunnerError =>
  new RunnerError('invalid_zip', `The package holds the same file twice: ${first} and ${second}.`, {
    details: { check: 'layout', entry: second },
  });

export const PACKAGE_FILES = { manifest: MANIFEST, requirements: REQUIREMENTS, wheels: WHEELS } as const;
