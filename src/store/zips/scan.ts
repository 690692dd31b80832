import { join } from 'node:path';
import { toFault } from '../../base/errors/index.js';
import {
  closeQuietlyAfter,
  hashOpenFile,
  io,
  isTempName,
  listIfThere,
  nodeFileSystem,
  openToRead,
  sameFacts,
} from '../durable/index.js';
import type { FileFacts, FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { StoreProblem } from '../problem.js';
import { isSafeFileName } from '../../base/files/index.js';

/** @property zip file name in `algorithms/zips/`; @property modified_at ISO 8601 */
export interface ZipFacts {
  readonly zip: string;
  readonly path: string;
  readonly size: number;
  readonly modified_at: string;
  readonly sha256: string;
}

/** A zip somebody still copies, or may: look again in `retryInMs`. */
export interface SettlingZip {
  readonly zip: string;
  readonly size: number;
  readonly reason: string;
  readonly retryInMs: number;
}

export interface ZipScan {
  readonly zips: readonly ZipFacts[];
  readonly settling: readonly SettlingZip[];
  readonly problems: readonly StoreProblem[];
}

/**
 * What earlier scans saw, owned by whoever scans again and again: an unchanged zip is not hashed twice, and one whose
 * times lie in the future (a wrong clock) counts as settled once it has not changed for `settleMs`.
 */
export type ZipLooks = Map<string, Look>;

interface Look {
  readonly facts: FileFacts;
  readonly since: number;
  readonly sha256?: string;
}

export interface ScanOptions {
  /** A zip that changed within this time is not judged yet (contract §9). */
  readonly settleMs: number;
  readonly looks?: ZipLooks;
  /** A larger one is not read. */
  readonly bytesMax?: number;
  readonly now?: () => number;
}

/**
 * Lists the zips of a store. A file that cannot be judged is reported and hinders no other.
 * @throws RunnerError store_io_failed when the folder itself cannot be read
 */
export async function scanZips(
  layout: StoreLayout,
  options: ScanOptions,
  fs: FileSystem = nodeFileSystem,
): Promise<ZipScan> {
  const looks: ZipLooks = options.looks ?? new Map<string, Look>();
  const scan = { zips: [] as ZipFacts[], settling: [] as SettlingZip[], problems: [] as StoreProblem[] };
  const entries = await listIfThere(layout.zips, fs);
  const names = entries.map(({ name }) => name).filter((name) => /\.zip$/i.test(name) && !isTempName(name));
  for (const gone of [...looks.keys()].filter((name) => !names.includes(name))) looks.delete(gone);
  for (const zip of names.sort()) {
    const seen = await lookAt(layout, zip, options, looks, fs);
    switch (seen.kind) {
      case 'settled':
        scan.zips.push(seen.facts);
        break;
      case 'settling':
        scan.settling.push(seen.zip);
        break;
      case 'unfit':
        scan.problems.push({ what: 'zip_unfit', subject: zip, message: `${zip} ${seen.reason}.`, done: null });
        break;
      case 'gone':
        break;
    }
  }
  return scan;
}

type Seen =
  | { readonly kind: 'settled'; readonly facts: ZipFacts }
  | { readonly kind: 'settling'; readonly zip: SettlingZip }
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'gone' };

async function lookAt(
  layout: StoreLayout,
  zip: string,
  options: ScanOptions,
  looks: ZipLooks,
  fs: FileSystem,
): Promise<Seen> {
  if (!isSafeFileName(zip)) return { kind: 'unfit', reason: 'has a name that is not safe as a file name: rename it' };
  const path = join(layout.zips, zip);
  try {
    const opened = await openToRead(path, fs);
    if (opened.kind === 'missing') return { kind: 'gone' };
    if (opened.kind === 'unfit') return opened;
    const { file } = opened;
    return await closeQuietlyAfter(file, async () => {
      const before = await io('stat', path, () => file.facts());
      const { bytesMax } = options;
      if (bytesMax !== undefined && before.size > bytesMax) {
        return { kind: 'unfit', reason: `has ${before.size} bytes; ${bytesMax} are accepted` };
      }
      const look = remember(looks, zip, before, options);
      const waitMs = settlesInMs(look, options);
      if (waitMs > 0) return settling(zip, before.size, `it changed less than ${options.settleMs} ms ago`, waitMs);
      const sha256 = look.sha256 ?? (await hashOpenFile(path, file)).sha256;
      const after = await io('stat', path, () => file.facts());
      if (!sameFacts(before, after)) return settling(zip, after.size, 'it changed while it was read', options.settleMs);
      looks.set(zip, { ...look, sha256 });
      const modified_at = new Date(after.modifiedMs).toISOString();
      return { kind: 'settled', facts: { zip, path, size: after.size, modified_at, sha256 } };
    });
  } catch (error) {
    return { kind: 'unfit', reason: `cannot be read: ${toFault(error).message}` };
  }
}

/** The earlier look where nothing changed since, otherwise a first one. */
function remember(looks: ZipLooks, zip: string, facts: FileFacts, options: ScanOptions): Look {
  const earlier = looks.get(zip);
  if (earlier !== undefined && sameFacts(earlier.facts, facts)) return earlier;
  const look = { facts, since: nowOf(options) };
  looks.set(zip, look);
  return look;
}

/** By its own times or by how long it has been seen unchanged, whichever says so first; 0: settled. */
function settlesInMs(look: Look, options: ScanOptions): number {
  const touchedMs = Math.floor(Math.max(look.facts.modifiedMs, look.facts.changedMs)); // our clock has whole ones
  return Math.max(0, options.settleMs - (nowOf(options) - Math.min(touchedMs, look.since)));
}

function nowOf(options: ScanOptions): number {
  return (options.now ?? Date.now)();
}

function settling(zip: string, size: number, reason: string, retryInMs: number): Seen {
  return { kind: 'settling', zip: { zip, size, reason, retryInMs } };
}
