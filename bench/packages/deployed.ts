import { join } from 'node:path';
import { storeLayout } from '../../src/index.js';

/** Where a release lies in a store, for a side that runs it without the Runner. @param release `name@version` */
export function deployedFolder(store: string, release: string): string {
  const at = release.indexOf('@');
  return storeLayout(store).deployment(release.slice(0, at), release.slice(at + 1));
}

/** Its interpreter: that of its own environment. */
export const deployedPython = (store: string, release: string): string =>
  join(deployedFolder(store, release), 'venv', 'bin', 'python');
