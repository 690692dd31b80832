import { toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { copyAside } from '../quarantine.js';
import { isTempName, listIfThere, nodeFileSystem, readSmallFile } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import { problemFault } from '../problem.js';
import type { StoreProblem } from '../problem.js';
import { isSafeFileName } from '../../base/files/index.js';
import { MAX_ROUTE_BYTES, readRoute } from './route.js';
import type { Route } from './route.js';

/**
 * The routes on disk, a file per PID.
 *
 * INVARIANTS
 * - A bad file degrades its own PID and no other. It stays where it is, so that the PID is still degraded by name
 *   after a restart, until a person binds or unbinds that PID.
 */
export interface Routes {
  readonly routes: ReadonlyMap<string, Route>;
  /** Why a PID that is bound on disk cannot be served. */
  readonly degraded: ReadonlyMap<string, Fault>;
  readonly problems: readonly StoreProblem[];
}

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
    const read = await readSmallFile(path, MAX_ROUTE_BYTES, fs);
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

/** For a route that can be read and must not be followed. @returns what was done */
export async function keepRoute(layout: StoreLayout, pid: string, fs: FileSystem): Promise<string | null> {
  const path = layout.route(pid);
  const read = await readSmallFile(path, MAX_ROUTE_BYTES, fs).catch(() => null);
  return read?.kind === 'content' ? keepCopy(layout, path, read.bytes, fs) : null;
}

/** A full disk must not keep the other PIDs from being served; the copy is made again before anything is overwritten. */
async function keepCopy(layout: StoreLayout, path: string, bytes: Uint8Array, fs: FileSystem): Promise<string> {
  try {
    return `left in place; a copy is kept at ${await copyAside(layout, path, bytes, fs)}`;
  } catch (error) {
    return `left in place; no copy could be kept: ${toFault(error).message}`;
  }
}
