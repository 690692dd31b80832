import { keyOf } from '../../machines/release.js';
import { openRegistry, readRoutes, storeLayout } from '../store/index.js';
import { releaseView } from './listing.js';
import type { Listing } from './listing.js';

/** What a store holds, read without its lock: a Runner may be at work on it meanwhile. */
export async function readStore(root: string): Promise<Listing> {
  const layout = storeLayout(root);
  const [registry, { routes, degraded }] = await Promise.all([openRegistry(layout), readRoutes(layout)]);
  const pidsOf = (key: string): string[] => [...routes].flatMap(([pid, route]) => (keyOf(route) === key ? [pid] : []));
  return {
    releases: registry.entries().map((entry) => releaseView(entry, pidsOf(keyOf(entry)))),
    routes: [
      ...[...routes].map(([pid, route]) => ({
        pid,
        release: keyOf(route),
        activatedAt: route.activated_at,
        fault: null,
      })),
      ...[...degraded].map(([pid, fault]) => ({ pid, release: null, activatedAt: null, fault })),
    ],
  };
}
