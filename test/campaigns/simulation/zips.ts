import type { ZipArchive } from '../../../src/runner/packages/zips.js';
import { CATALOGUE } from './catalogue.js';
import type { HostClock } from './clock.js';
import { withMember } from './disk.js';
import type { SimulatedDisk } from './disk.js';
import type { StoreAccess } from './store.js';

/** The archive of the site's store: zips are known by their names alone. */
export function simulatedZips(disk: SimulatedDisk, access: StoreAccess, clock: HostClock): ZipArchive {
  const named = (path: string) => {
    const entry = CATALOGUE.find(({ zip }) => path.endsWith(zip));
    if (entry === undefined) throw new Error(`nobody delivers ${path}`);
    return entry;
  };
  const brought = new Set<string>();
  return {
    async import(path) {
      const { zip, sha256 } = named(path);
      const known = disk.facts.zips.has(zip);
      if (!known) brought.add(zip);
      await access.promise((facts) => ({ ...facts, zips: withMember(facts.zips, zip, true) }));
      return { zip, path: zip, sha256, size: 1_000_000, known };
    },
    async release(zip, kept) {
      const goes = brought.delete(zip) && !kept;
      if (goes) await access.promise((facts) => ({ ...facts, zips: withMember(facts.zips, zip, false) }));
    },
    scan: () =>
      clock.later(1, {
        ...{ settling: [], problems: [], links: [] },
        zips: [...disk.facts.zips].map((zip) => ({ zip, path: zip, sha256: named(zip).sha256, size: 1_000_000 })),
      } as never),
    identify: (path) => clock.later(1, { key: named(path).key, fault: null }),
  };
}
