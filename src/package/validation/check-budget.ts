import { RunnerError } from '../../base/errors/index.js';
import type { Archive } from '../archive/archive.js';
import { withDefaults } from '../archive/limits.js';
import type { ArchiveLimits } from '../archive/limits.js';

/** What a package takes once it is unpacked and its wheels are installed. */
export interface Footprint {
  readonly bytes: number;
  readonly entries: number;
}

export const footprintOf = (archives: readonly Pick<Archive, 'totalBytes' | 'entries'>[]): Footprint => ({
  bytes: archives.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
  entries: archives.reduce((sum, { entries }) => sum + entries.length, 0),
});

/**
 * One budget for a package and all it carries: a wheel is a zip within a zip, and each alone may look harmless.
 *
 * @param archive the package itself
 * @throws RunnerError invalid_zip with `details.check` `budget`, the numbers and the limit that was reached
 */
export function checkBudget(archive: Archive, wheels: readonly Archive[], given: Partial<ArchiveLimits> = {}): void {
  const limits = withDefaults(given);
  const { bytes, entries } = footprintOf([archive, ...wheels]);
  const zipBytes = archive.identity.size;
  const refuse = (problem: string, limit: keyof ArchiveLimits) =>
    new RunnerError('invalid_zip', `The package and its wheels ${problem}.`, {
      hint: `Package only what is needed. Where a package is to be that large, the host raises packageLimits.${limit}.`,
      details: { check: 'budget', limit, accepted: limits[limit], bytes, entries, zip_bytes: zipBytes },
    });
  if (bytes > limits.installedBytesMax) {
    throw refuse(`unpack to ${bytes} bytes; ${limits.installedBytesMax} are accepted`, 'installedBytesMax');
  }
  if (entries > limits.installedEntriesMax) {
    throw refuse(
      `hold ${entries} files and folders; ${limits.installedEntriesMax} are accepted`,
      'installedEntriesMax',
    );
  }
  if (bytes > limits.ratioFreeBytes && bytes > zipBytes * limits.ratioMax) {
    const times = Math.floor(bytes / Math.max(1, zipBytes));
    throw refuse(`unpack to ${bytes} bytes, ${times} times the ${zipBytes} bytes of the zip`, 'ratioMax');
  }
}
