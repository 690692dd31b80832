import type { ReleaseKey } from '../../../machines/release.js';
import { fault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { findAlteredFiles } from '../../store/index.js';
import type { OsServices } from '../os-services.js';

const NAMED_MAX = 5;
const LISTED_MAX = 100;

/** By folder: processes of a release that start together share one look. */
const underWay = new Map<string, Promise<Fault | null>>();

/**
 * Looks, before a start, whether a release is what was installed. A change is named and does not keep it from serving: a
 * person may have made it. Only what the Runner itself runs has to be as it was.
 *
 * @returns why it must not be started, or null
 */
export function inspectRelease(services: OsServices, key: ReleaseKey, folder: string): Promise<Fault | null> {
  const shared = underWay.get(folder);
  if (shared !== undefined) return shared;
  const look = inspect(services, key, folder).finally(() => underWay.delete(folder));
  underWay.set(folder, look);
  return look;
}

async function inspect(services: OsServices, key: ReleaseKey, folder: string): Promise<Fault | null> {
  const altered = await findAlteredFiles(folder).catch(() => null);
  if (altered === null) return null;
  const { files, interpreter } = altered;
  const named = files.slice(0, NAMED_MAX).join(', ');
  const more = files.length > NAMED_MAX ? ` and ${files.length - NAMED_MAX} more` : '';
  const problem = fault('release_altered', `Files of ${key} are not as they were installed: ${named}${more}.`, {
    details: { release: key, files: files.slice(0, LISTED_MAX), files_count: files.length },
  });
  services.problems.note(problem);
  services.releaseLog(key).write('warn', problem.message, { files_count: files.length });
  return interpreter ? problem : null;
}
