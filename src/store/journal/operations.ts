import { nodeFileSystem } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { Route } from '../routes/index.js';
import { carryOut } from './carry-out.js';
import type { OpenStore } from './open-store.js';
import type { OperationEvent, OperationId } from './operation.js';

/**
 * Binds and unbinds PIDs together: all of them or none, whatever fails and whenever the Runner dies (contract §8). What
 * cannot be read where a route should be is kept aside first.
 * @param operation the number of one that began, which ends with this; or what is done without anybody having begun it
 * @param routes by PID; null unbinds
 * @throws RunnerError invalid_pid; invalid_usage for a route that does not fit; operation_conflict when no such operation
 * is under way; store_io_failed: everything is as before, unless `details.visible` says that the change is decided and
 * the next reader will see it
 */
export async function commitRoutes(
  store: OpenStore,
  operation: OperationId | OperationEvent,
  routes: ReadonlyMap<string, Route | null>,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  await carryOut(store, operation, { routes: [...routes].map(([pid, route]) => ({ pid, route })) }, fs);
}

/**
 * Takes a release off the disk: its deployment goes, and the registry forgets it but for the hash of its zip, so that no
 * scan deploys it again (contract §3.3). Its zip stays.
 * @throws RunnerError as `commitRoutes`
 */
export async function uninstallRelease(
  store: OpenStore,
  operation: OperationId | OperationEvent,
  release: { readonly name: string; readonly version: string; readonly sha256: string },
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const { name, version, sha256 } = release;
  const updated_at = store.registry.get(name, version)?.updated_at ?? null;
  await carryOut(store, operation, { uninstall: { name, version, sha256, updated_at } }, fs);
}
