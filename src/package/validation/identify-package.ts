import type { ArchiveLimits } from '../archive/limits.js';
import { readArchive } from '../archive/read-archive.js';
import { locatePackage } from '../layout/locate-package.js';
import { checkManifest } from './checks.js';
import { zipSource } from './package-source.js';

/**
 * Which release a zip holds, by its manifest alone.
 *
 * @throws RunnerError invalid_zip or manifest_missing when it cannot say
 */
export async function identifyPackage(
  zipPath: string,
  limits: Partial<ArchiveLimits> = {},
): Promise<{ readonly name: string; readonly version: string }> {
  const archive = await readArchive(zipPath, limits);
  const { value } = await checkManifest(zipSource(archive, locatePackage(archive)));
  return { name: value.name, version: value.version };
}
