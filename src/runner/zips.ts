import { basename } from 'node:path';
import { keyOf } from '../../machines/release.js';
import type { ReleaseKey } from '../../machines/release.js';
import { toFault } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import { identifyPackage } from '../package/index.js';
import { importZip, removeZip, scanZips } from '../store/index.js';
import type { ImportedZip, ScanOptions, StoreLayout, ZipScan } from '../store/index.js';

/** The archive of packages in a store (contract §9). */
export interface ZipArchive {
  /** Takes in a zip from wherever it lies. */
  import(path: string): Promise<ImportedZip>;
  /** @param zip its name in the archive */
  remove(zip: string): Promise<void>;
  scan(options: ScanOptions): Promise<ZipScan>;
  identify(path: string, sha256: string): Promise<{ key: ReleaseKey; fault: Fault | null }>;
}

export const zipArchive = (layout: StoreLayout): ZipArchive => ({
  import: (path) => importZip(layout, path),
  remove: (zip) => removeZip(layout, zip),
  scan: (options) => scanZips(layout, options),
  identify: releaseIn,
});

/**
 * Which release a zip holds. One that cannot say so still needs a name to be Invalid under: its file name, and the
 * first digits of its hash in place of a version.
 */
async function releaseIn(path: string, sha256: string): Promise<{ key: ReleaseKey; fault: Fault | null }> {
  try {
    return { key: keyOf(await identifyPackage(path)), fault: null };
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
