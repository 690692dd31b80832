import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import {
  kindOf,
  makeOwnFolder,
  nodeFileSystem,
  removeTree,
  renameDurable,
  succeeds,
  syncFolder,
} from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';

/**
 * A deployment out of the way but not deleted yet.
 *
 * INVARIANT: a folder leaves `deployed/` by one rename; nothing is ever deleted in place, where a crash would leave half
 * of it looking whole.
 */
export interface BuriedDeployment {
  /** @returns whether the deployment is back where it was, on disk */
  digUp(): Promise<boolean>;
  /** Deletes the files. @returns what could not be deleted yet; it is at the next start */
  delete(): Promise<{ readonly leftover?: string }>;
}

/**
 * Moves a deployment, complete or not, out of `deployed/`; one that is not there is as good as gone.
 * @throws RunnerError store_io_failed; the deployment is then still there, unless `details.visible`
 */
export async function buryDeployment(
  layout: StoreLayout,
  name: string,
  version: string,
  fs: FileSystem = nodeFileSystem,
): Promise<BuriedDeployment> {
  const folder = layout.deployment(name, version);
  if ((await kindOf(folder, fs)) === undefined) {
    if ((await kindOf(dirname(folder), fs)) === 'folder') await syncFolder(dirname(folder), fs);
    return { digUp: () => Promise.resolve(true), delete: () => Promise.resolve({}) };
  }
  const grave = join(layout.staging, `${name}-${version}-${randomBytes(8).toString('hex')}`);
  await makeOwnFolder(layout.staging, fs);
  await renameDurable(folder, grave, fs);
  return {
    digUp: () => succeeds(renameDurable(grave, folder, fs)),
    async delete() {
      await fs.removeFolder(dirname(folder)).catch(() => undefined); // other versions are there
      return removeTree(grave, fs).then(
        () => ({}),
        () => ({ leftover: grave }),
      );
    },
  };
}

/**
 * Takes a deployment away, complete or not; one that is not there is as good as gone.
 * @returns what could not be deleted yet: it is out of the way, and deleted at the next start
 * @throws RunnerError store_io_failed; the deployment is then still there
 */
export async function discardDeployment(
  layout: StoreLayout,
  name: string,
  version: string,
  fs: FileSystem = nodeFileSystem,
): Promise<{ readonly leftover?: string }> {
  return (await buryDeployment(layout, name, version, fs)).delete();
}
