import { join, relative, resolve } from 'node:path';
import { toFault } from '../base/errors/index.js';
import { makeFolderDurable, makeOwnFolder } from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import { nodeFileSystem } from './durable/index.js';
import type { StoreProblem } from './problem.js';
import { requireSafeFileName } from './safe-name.js';

/**
 * Where everything of a store lies (contract §9). A PID, name or version becomes a path here and nowhere else.
 *
 * @property staging work in progress; whatever lies there at a start belongs to nobody and is removed
 * @property operations a record of each operation under way
 * @property aside bad files that were replaced, kept for a person
 * @property lock who holds the store; the lock itself is on `root`
 * @property settings what a person set for whoever works on the store
 * @property images the random name of its folder in shared memory
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
  readonly images: string;
  readonly settings: string;
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
    images: at('images.id'),
    settings: at('settings.json'),
    zip: (file) => at('algorithms', 'zips', requireSafeFileName('zip', file)),
    deployment: (name, version) => at('algorithms', 'deployed', ...release(name, version)),
    route: (pid) => at('active', `${requireSafeFileName('pid', pid)}.json`),
    releaseLogs: (name, version) => at('logs', 'algorithms', ...release(name, version)),
  };
}

/**
 * Makes the folders of a store. One that cannot be made (a full disk, something else in its place) degrades what needs it
 * and nothing else: whoever does says so when its turn comes.
 *
 * A folder may be a link that an administrator laid to another disk, but not those whose content is removed: staging and
 * aside.
 * @throws RunnerError store_io_failed when the root cannot be made
 */
export async function prepareStore(
  layout: StoreLayout,
  fs: FileSystem = nodeFileSystem,
): Promise<readonly StoreProblem[]> {
  const { root, algorithms, zips, deployed, staging, active, operations, logs, traces, aside } = layout;
  await makeFolderDurable(root, fs);
  const problems: StoreProblem[] = [];
  const attempt = async (folder: string, make: typeof makeOwnFolder): Promise<void> => {
    await make(folder, fs).catch((error: unknown) => {
      const subject = relative(root, folder);
      problems.push({ what: 'folder_unavailable', subject, message: toFault(error).message, done: null });
    });
  };
  for (const folder of [algorithms, zips, deployed, active, operations, logs, traces]) {
    await attempt(folder, makeFolderDurable);
  }
  for (const folder of [staging, aside]) await attempt(folder, makeOwnFolder);
  return problems;
}
