import { RunnerError } from '../../base/errors/index.js';
import { copyAside, moveAside } from '../quarantine.js';
import {
  exchangeFile,
  isVisible,
  nodeFileSystem,
  readSmallFile,
  renameDurable,
  succeeds,
  withVisible,
} from '../durable/index.js';
import type { Content, FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { firstIssue } from '../text.js';
import { MAX_ROUTE_BYTES, readRoute, routeSchema } from './route.js';
import type { Route } from './route.js';

/**
 * One route on disk, changed so that it can be changed back.
 *
 * INVARIANTS
 * - No bad file is ever overwritten or removed before it was kept aside.
 * - A failed change leaves the file as it was, unless the failure says that the new one can be seen.
 * - What is applied is on disk, also when the file said so already: whoever wrote it may have been killed before its
 *   fsync.
 * Writers of one PID take turns; the route's actor sees to that.
 */
export interface RouteExchange {
  /** What the PID is bound to; undefined: nothing, or nothing that can be understood. */
  readonly from: Route | undefined;
  /** @throws RunnerError store_io_failed, with `details.visible` if the new route is in place all the same */
  apply(): Promise<void>;
  /** @returns whether the file is as it was before, on disk */
  undo(): Promise<boolean>;
}

/**
 * Reads what is there, keeps a copy of it where it is bad, and changes nothing yet.
 * @throws RunnerError invalid_pid; invalid_usage for a route that does not fit; store_io_failed
 */
export async function prepareExchange(
  layout: StoreLayout,
  pid: string,
  route: Route | null,
  fs: FileSystem = nodeFileSystem,
): Promise<RouteExchange> {
  const path = layout.route(pid);
  const to = route === null ? undefined : contentOf(pid, route);
  const before = await readBefore(layout, path, fs);
  let movedTo: string | undefined;
  const moveBack = async (): Promise<boolean> => {
    if (movedTo === undefined) return true;
    return succeeds(renameDurable(movedTo, path, fs));
  };
  return {
    from: before.route,
    async apply() {
      if (before.unfit) movedTo = await moveAside(layout, path, fs);
      try {
        await exchangeFile(path, { from: before.content, to }, fs);
      } catch (error) {
        if (isVisible(error) || (await moveBack())) throw error;
        throw withVisible(error, false, false);
      }
    },
    async undo() {
      return (await succeeds(exchangeFile(path, { from: to, to: before.content }, fs))) && (await moveBack());
    },
  };
}

/** Binds a PID. @throws RunnerError as `prepareExchange` and `RouteExchange.apply` */
export async function writeRoute(
  layout: StoreLayout,
  pid: string,
  route: Route,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  await (await prepareExchange(layout, pid, route, fs)).apply();
}

/** Unbinds a PID; one that is not bound is as good as unbound. @throws RunnerError as `writeRoute` */
export async function removeRoute(layout: StoreLayout, pid: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await (await prepareExchange(layout, pid, null, fs)).apply();
}

function contentOf(pid: string, route: Route): Content {
  const result = routeSchema.safeParse(route);
  if (result.success) return Buffer.from(`${JSON.stringify(result.data)}\n`);
  throw new RunnerError('invalid_usage', `The route of ${pid} cannot be stored: ${firstIssue(result.error)}.`);
}

interface Before {
  readonly content: Content;
  readonly route: Route | undefined;
  /** Something lies there that cannot be read as a file. */
  readonly unfit: boolean;
}

async function readBefore(layout: StoreLayout, path: string, fs: FileSystem): Promise<Before> {
  const read = await readSmallFile(path, MAX_ROUTE_BYTES, fs).catch((error: unknown) => {
    if (error instanceof RunnerError && error.details['errno'] === 'EACCES') return { kind: 'unfit' as const };
    throw error;
  });
  switch (read.kind) {
    case 'missing':
      return { content: undefined, route: undefined, unfit: false };
    case 'unfit':
      return { content: undefined, route: undefined, unfit: true };
    case 'content': {
      const parsed = readRoute(read.bytes);
      if (!parsed.ok) await copyAside(layout, path, read.bytes, fs);
      return { content: read.bytes, route: parsed.ok ? parsed.route : undefined, unfit: false };
    }
  }
}
