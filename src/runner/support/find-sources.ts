import { lstat, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { StoreLayout } from '../../store/index.js';

/** A file of a store that helps whoever has to explain what happened. */
export interface BundleSource {
  /** Within the store and within the bundle: `logs/audit.jsonl`. */
  readonly path: string;
  readonly file: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Lines that stand alone: where there is no room for all, its end is worth having. */
  readonly mayBeCut: boolean;
  /** Grows for years, as the audit trail: it gets a quarter of the room, so that the rest finds some. */
  readonly isEndless: boolean;
}

/** @property bytes null: not known */
export interface LeftOutOfBundle {
  readonly path: string;
  readonly bytes: number | null;
  readonly why: string;
}

export interface FoundSources {
  /** What is small and says how the store stands. */
  readonly facts: readonly BundleSource[];
  /** Traces and logs of releases, the newest first. */
  readonly histories: readonly BundleSource[];
  readonly leftOut: readonly LeftOutOfBundle[];
}

/** Larger ones are no fact about a route or an operation, whatever else they are. */
const FACT_BYTES_MAX = 1024 * 1024;

/**
 * What of a store belongs into a bundle: no zip, no wheel, no deployed file, no image, and of settings.json nothing as it
 * lies there. Never throws: a folder that cannot be read is among what was left out.
 */
export async function findSources(layout: StoreLayout): Promise<FoundSources> {
  const leftOut: LeftOutOfBundle[] = [];
  const list = (folder: string, depth: number): Promise<BundleSource[]> => filesBelow(layout, folder, depth, leftOut);
  const small = (await Promise.all([layout.active, layout.operations, layout.aside].map((folder) => list(folder, 0))))
    .flat()
    .filter((source) => isFact(source, leftOut));
  const [logs, traces, ofReleases] = await Promise.all([
    list(layout.logs, 0),
    list(layout.traces, 0),
    list(join(layout.logs, 'algorithms'), 2),
  ]);
  const registry = await sourceOf(layout, layout.registry, leftOut);
  const lines = (sources: readonly BundleSource[], isEndless: boolean): BundleSource[] =>
    sources.map((source) => ({ ...source, mayBeCut: true, isEndless }));
  return {
    facts: [...registry, ...small, ...lines(logs, true)],
    histories: [...traces, ...lines(ofReleases, false)].sort((a, b) => b.modifiedMs - a.modifiedMs),
    leftOut,
  };
}

/** What somebody set aside, a settings.json among it, may hold secrets that no rule finds in a damaged file. */
function isFact({ path, bytes }: BundleSource, leftOut: LeftOutOfBundle[]): boolean {
  const why = path.includes('settings.json')
    ? 'it may hold secrets'
    : bytes > FACT_BYTES_MAX
      ? 'it is larger than a fact of a store'
      : null;
  if (why !== null) leftOut.push({ path, bytes, why });
  return why === null;
}

async function filesBelow(
  layout: StoreLayout,
  folder: string,
  depth: number,
  leftOut: LeftOutOfBundle[],
): Promise<BundleSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') leftOut.push({ path: shown(layout, folder), bytes: null, why: why(error) });
    return [];
  });
  const found: BundleSource[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth > 0) found.push(...(await filesBelow(layout, path, depth - 1, leftOut)));
    } else if (!entry.name.endsWith('.tmp')) found.push(...(await sourceOf(layout, path, leftOut)));
  }
  return found;
}

async function sourceOf(
  layout: StoreLayout,
  file: string,
  leftOut: LeftOutOfBundle[],
): Promise<readonly BundleSource[]> {
  const path = shown(layout, file);
  try {
    const stats = await lstat(file);
    const { size: bytes, mtimeMs: modifiedMs } = stats;
    if (stats.isFile()) return [{ path, file, bytes, modifiedMs, mayBeCut: false, isEndless: false }];
    leftOut.push({ path, bytes: null, why: 'it is no ordinary file' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') leftOut.push({ path, bytes: null, why: why(error) });
  }
  return [];
}

const shown = ({ root }: StoreLayout, path: string): string => relative(root, path).split(sep).join('/');
const why = (error: unknown): string => `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
