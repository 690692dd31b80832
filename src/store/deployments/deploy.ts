import { keyOf } from '../../../machines/release.js';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import {
  exchangeFile,
  hidden,
  makeFolderDurable,
  makeOwnFolder,
  nodeFileSystem,
  removeTree,
  renameDurable,
  syncFolder,
  syncTree,
  writeFileDurable,
} from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { MARKER, RECORD, deploymentState } from './marker.js';
import type { InstallationRecord } from './marker.js';

/**
 * INVARIANT: a folder under `deployed/` is complete, or holds the marker from the moment it can be seen until all of it
 * is synced.
 */

/** A fresh folder to work in; what is left there is removed at the next start. @throws RunnerError store_io_failed */
export async function newStaging(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<string> {
  await makeOwnFolder(layout.staging, fs);
  const folder = join(layout.staging, randomBytes(8).toString('hex'));
  await makeFolderDurable(folder, fs);
  return folder;
}

/**
 * Creates `deployed/<name>/<version>/`, marked incomplete, from a staging folder (an empty one by default). The staging
 * folder is taken over: whatever fails, it and the new folder are gone.
 * @returns the final folder, to build the environment in
 * @throws RunnerError already_installed, operation_conflict (being deployed), store_corrupt (a folder no Runner made is
 * in the way), store_io_failed
 */
export async function beginDeployment(
  layout: StoreLayout,
  name: string,
  version: string,
  options: { readonly from?: string } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<string> {
  const folder = layout.deployment(name, version);
  await requireAbsent(folder, keyOf({ name, version }), fs);
  const from = options.from ?? (await newStaging(layout, fs));
  try {
    await hidden(() => writeFileDurable(join(from, MARKER), markerText(), {}, fs));
    await makeFolderDurable(dirname(folder), fs);
    await renameDurable(from, folder, fs);
    return folder;
  } catch (error) {
    await abandon(from, fs).catch(() => undefined); // swept at the next start
    throw error;
  }
}

/**
 * Makes a deployment count: its record is written, the whole tree is synced, then the marker goes.
 * @throws RunnerError operation_conflict when none is under way, store_io_failed; it is then still incomplete
 */
export async function completeDeployment(
  layout: StoreLayout,
  record: InstallationRecord,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const folder = layout.deployment(record.name, record.version);
  if ((await deploymentState(folder, fs)).kind !== 'incomplete') {
    throw new RunnerError('operation_conflict', `No deployment of ${keyOf(record)} is under way.`);
  }
  await hidden(() => writeFileDurable(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`, {}, fs));
  await syncTree(folder, fs);
  await exchangeFile(join(folder, MARKER), { from: Buffer.from(markerText()), to: undefined }, fs);
}

/** Its name is synced first, or a power loss may find it under its final name with nothing in it, not even the mark. */
async function abandon(staged: string, fs: FileSystem): Promise<void> {
  await syncFolder(dirname(staged), fs);
  await removeTree(staged, fs);
}

async function requireAbsent(folder: string, key: string, fs: FileSystem): Promise<void> {
  const state = await deploymentState(folder, fs);
  switch (state.kind) {
    case 'absent':
      return;
    case 'complete':
      throw new RunnerError('already_installed', `${key} is already deployed.`, { details: { folder } });
    case 'incomplete':
      throw new RunnerError('operation_conflict', `${key} is being deployed.`, { details: { folder } });
    case 'unrecognised':
      throw new RunnerError('store_corrupt', `${folder} ${state.reason}; no Runner made it, so it is not touched.`, {
        hint: 'Move it away and install again.',
        details: { folder },
      });
  }
}

function markerText(): string {
  return 'This deployment is being built. Should no Runner be at work, the next one to start removes it.\n';
}
