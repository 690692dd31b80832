import type { IsolationLevel } from '../../platform/index.js';
import { existsSync, statSync } from 'node:fs';
import { fault, toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import {
  findAlteredFiles,
  listAside,
  nodeFileSystem,
  readLastRecovery,
  readOnly,
  readOperations,
  storeLayout,
} from '../../store/index.js';
import type { AsideFile, LastRecovery, Operation, StoreLayout } from '../../store/index.js';
import { faultedReleases, faultedRoutes } from './faulted.js';
import type { FaultedRelease, FaultedRoute } from './faulted.js';
import { readHolder } from './holder.js';
import type { StoreHolder } from './holder.js';
import { brokenInvariants } from './monitor.js';
import { findSegments } from './segments.js';
import type { SegmentsFound } from './segments.js';
import { recentGaps } from './traces.js';
import type { Listing } from '../status/listing.js';
import { readStore } from '../status/read-store.js';

/**
 * A store as it lies there, read beside whoever works on it; what the last Runner left is not put in order by looking.
 *
 * @property holder who works on it; null: nobody
 * @property operations under way; those that were when the Runner died, while there is no holder
 * @property lastRecovery of a start that had anything to put in order
 * @property problems what was found damaged, and what the monitor of the invariants found broken, one sentence each
 * @property unreadable what could not be read at all; the rest of the report is there nevertheless
 */
export interface StoreReport {
  readonly store: string;
  readonly exists: boolean;
  readonly releases: number;
  readonly boundPids: number;
  readonly holder: StoreHolder | null;
  readonly operations: readonly Operation[];
  readonly lastRecovery: LastRecovery | null;
  readonly faultedReleases: readonly FaultedRelease[];
  readonly faultedRoutes: readonly FaultedRoute[];
  readonly aside: readonly AsideFile[];
  readonly segments: SegmentsFound | null;
  /** Of releases that run: the weakest isolation of their processes, as seen from outside. */
  readonly isolations: readonly { readonly release: string; readonly isolation: IsolationLevel }[];
  readonly problems: readonly string[];
  readonly unreadable: readonly Fault[];
}

/**
 * What happened in a store and what is amiss in it (contract §9, §11 `doctor`). Writes nothing, takes no lock, never throws.
 *
 * @param onRelease told of each release whose files are looked at
 */
export async function inspectStore(
  root: string,
  onRelease: (release: string) => void = () => undefined,
): Promise<StoreReport> {
  const layout = storeLayout(root);
  if (!existsSync(layout.root)) return { ...NOTHING, store: layout.root };
  if (!isFolder(layout.root))
    return { ...NOTHING, store: layout.root, exists: true, unreadable: [noFolder(layout.root)] };
  const fs = readOnly(nodeFileSystem);
  const unreadable: Fault[] = [];
  const readOr = async <T, U>(otherwise: U, read: () => T | Promise<T>): Promise<T | U> => {
    try {
      return await read();
    } catch (error) {
      unreadable.push(toFault(error));
      return otherwise;
    }
  };
  const [holder, listing, found, lastRecovery, aside, segments, broken, gaps] = await Promise.all([
    readOr(null, () => readHolder(layout, fs)),
    readOr({ releases: [], routes: [], problems: [] }, () => readStore(root)),
    readOr(null, () => readOperations(layout, fs)),
    readOr(undefined, () => readLastRecovery(layout, fs)),
    readOr([], () => listAside(layout, fs)),
    readOr(null, () => findSegments(layout)),
    readOr([], () => brokenInvariants(layout.logs)),
    readOr([], () => recentGaps(layout.traces)),
  ]);
  const releases = await readOr([], () => faultedReleases(listing, layout, fs));
  const altered = await readOr([], () => alteredReleases(listing, layout, onRelease));
  const routes = faultedRoutes(listing, releases);
  const told = new Set(routes.map(({ fault }) => fault.message));
  return {
    store: layout.root,
    exists: true,
    releases: listing.releases.length,
    boundPids: listing.routes.filter(({ release }) => release !== null).length,
    holder,
    operations: found?.operations ?? [],
    lastRecovery: lastRecovery ?? null,
    faultedReleases: releases,
    faultedRoutes: routes,
    aside,
    segments,
    isolations: listing.releases.flatMap(({ release, isolation }) =>
      isolation === null ? [] : { release, isolation },
    ),
    problems: [
      ...listing.problems.filter((message) => !told.has(message)),
      ...(found?.unreadable.map(({ file, reason }) => `operations/${file} ${reason}.`) ?? []),
      ...altered,
      ...broken,
      ...gaps,
    ],
    unreadable,
  };
}

/** What of the deployed releases is not as it was installed, one sentence each. */
async function alteredReleases(
  { releases }: Listing,
  layout: StoreLayout,
  onRelease: (release: string) => void,
): Promise<readonly string[]> {
  const told: string[] = [];
  for (const { release, name, version } of releases) {
    onRelease(release);
    const altered = await findAlteredFiles(layout.deployment(name, version)).catch(() => null);
    if (altered === null) continue;
    const [first = ''] = altered.files;
    const more = altered.files.length > 1 ? ` and ${altered.files.length - 1} more` : '';
    told.push(`Files of ${release} are not as they were installed: ${first}${more}.`);
  }
  return told;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const noFolder = (path: string): Fault =>
  fault('store_corrupt', `${path} is no folder.`, { hint: 'Name the folder of a store.' });

const NOTHING: Omit<StoreReport, 'store'> = {
  exists: false,
  releases: 0,
  boundPids: 0,
  holder: null,
  operations: [],
  lastRecovery: null,
  faultedReleases: [],
  faultedRoutes: [],
  aside: [],
  segments: null,
  isolations: [],
  problems: [],
  unreadable: [],
};
