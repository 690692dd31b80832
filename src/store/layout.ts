import { join, resolve } from 'node:path';
import { makeFolderDurable } from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import { nodeFileSystem } from './durable/index.js';
import { requireSafeFileName } from './safe-name.js';

/**
 * Where everything of a store lies (contract §9). A PID, name or version becomes a path here and nowhere else.
 *
 * @property staging work in progress; whatever lies there at a start belongs to nobody and is removed
 * @property operations a record of each operation under way
 * @property aside bad files that were replaced, kept for a person
 * @property lock who holds the store; the lock itself is on `root`
 */
export interface StoreLayout {
  readonly root: string;
  readonly algorithms: string;
  readonly zips: string;
  readonly deployed: string;
  readonly staging: string;
  readonly active: string;
  readonly registry: string;
  readonly operations: string;
  readonly logs: string;
  readonly audit: string;
  readonly traces: string;
  readonly aside: string;
  readonly lock: string;
  zip(file: string): string;
  deployment(name: string, version: string): string;
  route(pid: string): string;
  releaseLogs(name: string, version: string): string;
}

/** @param root of the store; made absolute */
export function storeLayout(root: string): StoreLayout {
  const base = resolve(root);
  const at = (...parts: string[]): string => join(base, ...parts);
  const release = (name: string, version: string): [string, string] => [
    requireSafeFileName('name', name),
    requireSafeFileName('version', version),
  ];
  return {
    root: base,
    algorithms: at('algorithms'),
    zips: at('algorithms', 'zips'),
    deployed: at('algorithms', 'deployed'),
    staging: at('algorithms', '.staging'),
    active: at('active'),
    registry: at('registry.json'),
    operations: at('operations'),
    logs: at('logs'),
    audit: at('logs', 'audit.jsonl'),
    traces: at('logs', 'traces'),
    aside: at('aside'),
    lock: at('lock'),
    zip: (file) => at('algorithms', 'zips', requireSafeFileName('zip', file)),
    deployment: (name, version) => at('algorithms', 'deployed', ...release(name, version)),
    route: (pid) => at('active', `${requireSafeFileName('pid', pid)}.json`),
    releaseLogs: (name, version) => at('logs', 'algorithms', ...release(name, version)),
  };
}

/** Makes the folders of a store. @throws RunnerError store_io_failed */
export async function prepareStore(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<void> {
  const { root, zips, deployed, staging, active, operations, logs, traces, aside } = layout;
  for (const folder of [root, layout.algorithms, zips, deployed, staging, active, operations, logs, traces, aside]) {
    await makeFolderDurable(folder, fs);
  }
}
