import type { Fault } from '../base/errors/index.js';
import type { DeploymentFacts } from './deployments/index.js';
import type { CommittedOperation } from './journal/index.js';
import type { RegistryEntry } from './registry/index.js';
import type { Route } from './routes/index.js';

/** What the files say. */
interface Read {
  readonly routes: ReadonlyMap<string, Route>;
  readonly degraded: ReadonlyMap<string, Fault>;
  readonly deployments: readonly DeploymentFacts[];
  readonly entries: readonly RegistryEntry[];
}

/**
 * The facts as they will be once the operations that are decided but cannot be finished yet are: on a full disk the PIDs
 * of one change are served together all the same.
 */
export function asDecided(pending: readonly CommittedOperation[], read: Read): Read {
  const routes = new Map(read.routes);
  const degraded = new Map(read.degraded);
  let { deployments, entries } = read;
  for (const { redo } of pending) {
    for (const { pid, route } of redo.routes ?? []) {
      degraded.delete(pid);
      if (route === null) routes.delete(pid);
      else routes.set(pid, route);
    }
    const { uninstall } = redo;
    if (uninstall === undefined) continue;
    const isOther = (release: { name: string; version: string }): boolean =>
      release.name !== uninstall.name || release.version !== uninstall.version;
    deployments = deployments.filter(isOther);
    entries = entries.filter(isOther);
  }
  return { routes, degraded, deployments, entries };
}
