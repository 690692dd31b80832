import { keyOf } from '../../../machines/release.js';
import {
  nodeFileSystem,
  openRegistry,
  problemFault,
  readOnly,
  readRoutes,
  routeUnsupported,
  storeLayout,
} from '../../store/index.js';
import { degradedRoute, releaseView, routeView } from './listing.js';
import { isolationsSeen } from './isolations-seen.js';
import type { Listing } from './listing.js';

/** What a store holds, read without its lock and without writing: a Runner may be at work on it meanwhile. */
export async function readStore(root: string): Promise<Listing & { readonly problems: readonly string[] }> {
  const layout = storeLayout(root);
  const fs = readOnly(nodeFileSystem);
  const [registry, { routes, degraded, problems }] = await Promise.all([
    openRegistry(layout, fs),
    readRoutes(layout, fs),
  ]);
  const isolations = await isolationsSeen(layout, fs);
  const pidsOf = (key: string): string[] => [...routes].flatMap(([pid, route]) => (keyOf(route) === key ? [pid] : []));
  const unsupported = new Map(
    [...routes].flatMap(([pid, { name, version }]) => {
      const entry = registry.get(name, version);
      const [problem] = entry === undefined ? [] : routeUnsupported(pid, entry);
      return problem === undefined ? [] : [[pid, problemFault(problem)] as const];
    }),
  );
  return {
    releases: registry
      .entries()
      .map((entry) => releaseView(entry, pidsOf(keyOf(entry)), isolations.get(keyOf(entry)) ?? null)),
    routes: [
      ...[...routes].map(([pid, route]) => ({ ...routeView(pid, route), fault: unsupported.get(pid) ?? null })),
      ...[...degraded].map(([pid, fault]) => degradedRoute(pid, fault)),
    ],
    problems: [...registry.problems, ...problems].map(({ message }) => message),
  };
}
