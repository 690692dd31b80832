import { basename } from 'node:path';
import { keyOf } from '../../machines/release.js';
import type { ReleaseKey } from '../../machines/release.js';
import { toFault } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import { identifyPackage } from '../package/index.js';

/**
 * Which release a zip holds. One that cannot say so still needs a name to be Invalid under: its file name, and the
 * first digits of its hash in place of a version.
 */
export async function releaseIn(path: string, sha256: string): Promise<{ key: ReleaseKey; fault: Fault | null }> {
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
