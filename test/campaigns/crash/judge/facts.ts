/**
 * What a store holds, read from the disk by this file alone: the campaign must not believe the code it tests. The layout
 * is the contract's (§9), the signs of a complete deployment are the store's own (`src/store/deployments/marker.ts`).
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Entry {
  readonly state: string;
  readonly sha256: string;
  readonly zip: string;
}

/** @property files path and size of each, byte code left out: Python makes that as it likes */
export interface Deployment {
  readonly marked: boolean;
  readonly sha256: string | null;
  readonly files: readonly string[];
}

export interface AuditLine {
  readonly what: string;
  readonly subject: string;
  readonly outcome: string;
  readonly text: string;
}

/** @property routes PID → `name@version`, or the reason why it cannot be read */
export interface Facts {
  readonly registry: ReadonlyMap<string, Entry> | string;
  readonly routes: ReadonlyMap<string, string>;
  /** PID → the release to roll back to, where its route names one. */
  readonly previous: ReadonlyMap<string, string>;
  readonly deployments: ReadonlyMap<string, Deployment>;
  /** File name → sha256. */
  readonly zips: ReadonlyMap<string, string>;
  /** Paths of what should not be there while nothing is under way. */
  readonly leftovers: readonly string[];
  /** Bad files a start has set aside; none was laid there. */
  readonly aside: readonly string[];
  /** Who claims the store: one while a Runner is open. */
  readonly claims: readonly string[];
  readonly audit: readonly AuditLine[];
}

export function readFacts(store: string): Facts {
  const routes = readRoutes(join(store, 'active'));
  const zips = join(store, 'algorithms/zips');
  return {
    registry: readRegistry(join(store, 'registry.json')),
    routes: new Map(routes.map(({ pid, bound }) => [pid, bound])),
    previous: new Map(routes.flatMap(({ pid, previous }) => (previous === null ? [] : [[pid, previous]]))),
    deployments: readDeployments(join(store, 'algorithms/deployed')),
    zips: new Map(entries(zips).map((file) => [file, sha256(join(zips, file))])),
    leftovers: leftoversIn(store),
    aside: entries(join(store, 'aside')),
    claims: entries(join(store, 'lock')),
    audit: readAudit(join(store, 'logs/audit.jsonl')),
  };
}

function readRegistry(path: string): Facts['registry'] {
  try {
    const { releases } = JSON.parse(readFileSync(path, 'utf8')) as {
      releases: readonly (Entry & Target)[];
    };
    return new Map(releases.map((entry) => [keyOf(entry), entry]));
  } catch (error) {
    return `registry.json cannot be read: ${String(error)}`;
  }
}

interface Target {
  readonly name: string;
  readonly version: string;
}

function readRoutes(folder: string): { pid: string; bound: string; previous: string | null }[] {
  const files = entries(folder).filter((file) => file.endsWith('.json') && !file.startsWith('.'));
  return files.map((file) => {
    const pid = file.slice(0, -'.json'.length);
    try {
      const { previous, ...bound } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Target & {
        previous?: Target;
      };
      return { pid, bound: keyOf(bound), previous: previous === undefined ? null : keyOf(previous) };
    } catch (error) {
      return { pid, bound: `what cannot be read (${String(error)})`, previous: null };
    }
  });
}

const keyOf = ({ name, version }: Target): string => `${name}@${version}`;

function readDeployments(folder: string): Map<string, Deployment> {
  const found = new Map<string, Deployment>();
  for (const name of entries(folder)) {
    for (const version of entries(join(folder, name))) {
      const at = join(folder, name, version);
      found.set(`${name}@${version}`, {
        marked: existsSync(join(at, '.incomplete')),
        sha256: recordedHash(join(at, 'installation.json')),
        files: filesIn(at).sort(),
      });
    }
  }
  return found;
}

function recordedHash(path: string): string | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { sha256: string }).sha256;
  } catch {
    return null;
  }
}

/** They hold times, so their sizes tell nothing. */
const TIMED = new Set(['installation.json', '.installed-files.json']);

function filesIn(folder: string, below = ''): string[] {
  return entries(join(folder, below)).flatMap((name) => {
    const path = join(below, name);
    if (name === '__pycache__') return [];
    const facts = lstatSync(join(folder, path));
    if (facts.isDirectory()) return filesIn(folder, path);
    return TIMED.has(name) ? [path] : [`${path} ${facts.size}`];
  });
}

/** Temporary files of writers, work in staging, operations under way. */
function leftoversIn(store: string): string[] {
  const all = (folder: string): string[] => entries(join(store, folder)).map((name) => join(folder, name));
  const temporary = ['', 'active', 'algorithms', 'algorithms/zips', 'logs', 'aside', 'operations'].flatMap((folder) =>
    all(folder).filter((path) => path.endsWith('.tmp') || path.endsWith('.part')),
  );
  return [...new Set([...all('algorithms/.staging'), ...all('operations'), ...temporary])];
}

function readAudit(path: string): AuditLine[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.flatMap((text) => {
    try {
      const { what, subject, outcome } = JSON.parse(text) as AuditLine;
      return [{ what, subject, outcome, text }];
    } catch {
      return []; // verifyAudit names it
    }
  });
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
