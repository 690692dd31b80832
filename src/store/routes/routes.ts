import { RunnerError, toFault } from '../../errors/index.js';
import type { Fault } from '../../errors/index.js';
import { copyAside, moveAside } from '../aside.js';
import {
  exchangeFile,
  isTempName,
  isVisible,
  listIfThere,
  nodeFileSystem,
  readSmallFile,
  renameDurable,
} from '../durable/index.js';
import type { Content, FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { problemFault } from '../problem.js';
import type { StoreProblem } from '../problem.js';
import { isSafeFileName } from '../safe-name.js';
import { firstIssue } from '../text.js';
import { readRoute, routeSchema } from './route.js';
import type { Route } from './route.js';

/**
 * The routes on disk, a file per PID.
 *
 * INVARIANTS
 * - A bad file degrades its own PID and no other. It stays where it is, so that the PID is still degraded by name
 *   after a restart, until a person binds or unbinds that PID.
 * - No bad file is ever overwritten or removed before it was kept aside.
 * - A failed write or removal leaves the file as it was.
 * Writers of one PID take turns; the route's actor sees to that.
 */
export interface Routes {
  readonly routes: ReadonlyMap<string, Route>;
  /** Why a PID that is bound on disk cannot be served. */
  readonly degraded: ReadonlyMap<string, Fault>;
  readonly problems: readonly StoreProblem[];
}

const MAX_BYTES = 64 * 1024;
const SUFFIX = '.json';

/** @throws RunnerError store_io_failed when the folder itself cannot be read */
export async function readRoutes(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<Routes> {
  const routes = new Map<string, Route>();
  const degraded = new Map<string, Fault>();
  const problems: StoreProblem[] = [];
  for (const { name: file } of await listIfThere(layout.active, fs)) {
    if (!file.endsWith(SUFFIX) || isTempName(file)) continue;
    const pid = file.slice(0, -SUFFIX.length);
    const read = await readOne(layout, pid, fs);
    switch (read.kind) {
      case 'route':
        routes.set(pid, read.route);
        break;
      case 'bad':
        problems.push(read.problem);
        degraded.set(pid, problemFault(read.problem));
        break;
      case 'missing':
        break;
    }
  }
  return { routes, degraded, problems };
}

/**
 * Binds a PID: the commit point of an activation or a switch (contract §8).
 * @throws RunnerError invalid_pid; invalid_usage for a route that does not fit; store_io_failed, with
 * `details.visible` if the new route is in place all the same
 */
export async function writeRoute(
  layout: StoreLayout,
  pid: string,
  route: Route,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const path = layout.route(pid);
  const result = routeSchema.safeParse(route);
  if (!result.success) {
    throw new RunnerError('invalid_usage', `The route of ${pid} cannot be stored: ${firstIssue(result.error)}.`);
  }
  await change(layout, path, Buffer.from(`${JSON.stringify(result.data)}\n`), fs);
}

/** Unbinds a PID; one that is not bound is as good as unbound. @throws RunnerError as `writeRoute` */
export async function removeRoute(layout: StoreLayout, pid: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  await change(layout, layout.route(pid), undefined, fs);
}

async function change(layout: StoreLayout, path: string, to: Content, fs: FileSystem): Promise<void> {
  const before = await clearTheWay(layout, path, fs);
  try {
    await exchangeFile(path, { from: before.content, to }, fs);
  } catch (error) {
    if (before.movedTo !== undefined && !isVisible(error)) {
      await renameDurable(before.movedTo, path, fs).catch(() => undefined); // the first failure is the one to report
    }
    throw error;
  }
}

interface Before {
  readonly content: Content;
  /** Where that which could not be read as a file was moved. */
  readonly movedTo?: string;
}

async function clearTheWay(layout: StoreLayout, path: string, fs: FileSystem): Promise<Before> {
  const read = await readSmallFile(path, MAX_BYTES, fs).catch((error: unknown) => {
    if (error instanceof RunnerError && error.details['errno'] === 'EACCES') return { kind: 'unfit' as const };
    throw error;
  });
  switch (read.kind) {
    case 'missing':
      return { content: undefined };
    case 'unfit':
      return { content: undefined, movedTo: await moveAside(layout, path, fs) };
    case 'content':
      if (!readRoute(read.bytes).ok) await copyAside(layout, path, read.bytes, fs);
      return { content: read.bytes };
  }
}

type ReadOne =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'bad'; readonly problem: StoreProblem }
  | { readonly kind: 'missing' };

async function readOne(layout: StoreLayout, pid: string, fs: FileSystem): Promise<ReadOne> {
  const bad = (reason: string, done: string | null): ReadOne => {
    const message = `active/${pid}${SUFFIX} ${reason}; ${pid} is degraded until it is activated or deactivated.`;
    return { kind: 'bad', problem: { what: 'route_unreadable', subject: pid, message, done } };
  };
  if (!isSafeFileName(pid)) return bad('is named after a text that cannot be a PID', null);
  const path = layout.route(pid);
  try {
    const read = await readSmallFile(path, MAX_BYTES, fs);
    switch (read.kind) {
      case 'missing':
        return read;
      case 'unfit':
        return bad(read.reason, 'left in place; it is moved aside when the PID is bound or unbound');
      case 'content': {
        const parsed = readRoute(read.bytes);
        if (parsed.ok) return { kind: 'route', route: parsed.route };
        return bad(`cannot be understood: ${parsed.reason}`, await keepCopy(layout, path, read.bytes, fs));
      }
    }
  } catch (error) {
    return bad(`cannot be read: ${toFault(error).message}`, null);
  }
}

/** A full disk must not keep the other PIDs from being served; the copy is made again before anything is overwritten. */
async function keepCopy(layout: StoreLayout, path: string, bytes: Uint8Array, fs: FileSystem): Promise<string> {
  try {
    return `left in place; a copy is kept at ${await copyAside(layout, path, bytes, fs)}`;
  } catch (error) {
    return `left in place; no copy could be kept: ${toFault(error).message}`;
  }
}
