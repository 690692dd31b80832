import type { StoreFacts } from './package.events.js';
import type { RouteChange, RouteRecord } from './route.events.js';

/** The content of the route files by PID, computed without reading them. */
export type RouteFiles = Map<string, RouteRecord>;

/** As the store has them when it is read. */
export function noteStored(files: RouteFiles, { routes }: StoreFacts): void {
  for (const { pid, key, previous, probation } of routes)
    if (key !== null) files.set(pid, { pid, key, previous, probation });
}

/** A change is committed: an unbound PID has no file. */
export function noteCommitted(files: RouteFiles, { routes }: Pick<RouteChange, 'routes'>): void {
  for (const record of routes)
    if (record.key === null) files.delete(record.pid);
    else files.set(record.pid, record);
}
