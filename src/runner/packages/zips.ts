import { basename } from 'node:path';
import { keyOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';
import { toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { DEFAULT_ARCHIVE_LIMITS, identifyPackage } from '../../package/index.js';
import type { ArchiveLimits } from '../../package/index.js';
import { importZip, removeZip, scanZips } from '../../store/index.js';
import type { ImportedZip, ScanOptions, StoreLayout, ZipScan } from '../../store/index.js';

/** The archive of packages in a store (contract §9). */
export interface ZipArchive {
  /** Takes in a zip from wherever it lies, and holds it until `release`. */
  import(path: string): Promise<ImportedZip>;
  /**
   * Ends what `import` began. A zip that was brought in and that nobody kept goes, with the last who holds it.
   *
   * @param zip its name in the archive
   * @param kept a release is made of it
   */
  release(zip: string, kept: boolean): Promise<void>;
  scan(options: ScanOptions): Promise<ZipScan>;
  identify(path: string, sha256: string): Promise<{ key: ReleaseKey; fault: Fault | null }>;
}

/** Several may hand in one zip at once: it is there once, and as long as one of them needs it. */
export function zipArchive(layout: StoreLayout, limits: Partial<ArchiveLimits> = {}): ZipArchive {
  const { zipBytesMax: bytesMax } = { ...DEFAULT_ARCHIVE_LIMITS, ...limits };
  const held = new Map<string, { readonly holders: number; readonly goes: boolean }>();
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }
  async function hold(publish: () => Promise<ImportedZip>): Promise<ImportedZip> {
    const imported = await publish();
    const { holders, goes } = held.get(imported.zip) ?? { holders: 0, goes: !imported.known };
    held.set(imported.zip, { holders: holders + 1, goes });
    return imported;
  }
  async function release(zip: string, kept: boolean): Promise<void> {
    const { holders, goes } = held.get(zip) ?? { holders: 1, goes: false };
    const left = { holders: holders - 1, goes: goes && !kept };
    if (left.holders > 0) held.set(zip, left);
    else held.delete(zip);
    if (left.holders === 0 && left.goes) await removeZip(layout, zip);
  }
  return {
    import: (path) => importZip(layout, path, { bytesMax, inTurn: (publish) => inTurn(() => hold(publish)) }),
    release: (zip, kept) => inTurn(() => release(zip, kept)),
    scan: (options) => scanZips(layout, { bytesMax, ...options }),
    identify: (path, sha256) => releaseIn(path, sha256, limits),
  };
}

/**
 * Which release a zip holds. One that cannot say so still needs a name to be Invalid under: its file name, and the
 * first digits of its hash in place of a version.
 */
async function releaseIn(
  path: string,
  sha256: string,
  limits: Partial<ArchiveLimits>,
): Promise<{ key: ReleaseKey; fault: Fault | null }> {
  try {
    return { key: keyOf(await identifyPackage(path, limits)), fault: null };
  } catch (error) {
    const name = basename(path)
      .replace(/\.zip$/i, '')
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .slice(0, 64);
    return {
      key: keyOf({ name: name === '' ? 'unnamed' : name, version: `unreadable-${sha256.slice(0, 8)}` }),
      fault: toFault(error),
    };
  }
}
