import { keyOf, placeRelease, releaseOf } from '../../../machines/index.js';
import type { Fault, ReleaseFacts, StoreFacts } from '../../../machines/index.js';
import type { EffectServices } from '../../../src/effects/index.js';
import { crossCheck } from '../../../src/store/cross-check.js';
import { problemFault } from '../../../src/store/index.js';
import type { DeploymentFacts, RegistryEntry } from '../../../src/store/index.js';
import { packageNamed } from './catalogue.js';
import { withEntry } from './disk.js';
import type { SimulatedDisk } from './disk.js';
import type { StoreAccess } from './store.js';

/** What the disk holds, as the machines place it; the services learns of it too. */
export function readStore(
  { services, access: { disk } }: { readonly services: EffectServices; readonly access: StoreAccess },
  factsOf: (key: string) => ReleaseFacts,
  nowIso: string,
): StoreFacts {
  adoptDeployments(disk, nowIso);
  const { registry, deployments, routes } = disk.facts;
  const degraded = degradedIn(disk);
  for (const [pid, route] of routes) services.routes.set(pid, route);
  const releases = [...registry.values()].map((entry) => {
    const key = keyOf(entry);
    const isDeployed = deployments.has(key);
    const { manifest } = packageNamed(key);
    services.releases.set(key, {
      ...{ key, zip: entry.zip, sha256: entry.sha256, manifest: isDeployed ? manifest : null },
      ...{ report: null, validated: null, deployStartedMs: 0 },
    });
    return placeRelease({
      ...{ key, registered: entry.state, wanted: entry.wanted, reason: entry.reason ?? null, damage: null },
      facts: isDeployed ? factsOf(key) : null,
    });
  });
  return {
    releases,
    routes: [...routes].map(([pid, route]) => {
      const fault = degraded.get(pid) ?? null;
      if (fault !== null) return { pid, key: null, previous: null, probation: null, fault };
      const previous = route.previous === undefined ? null : keyOf(route.previous);
      return { pid, key: keyOf(route), previous, fault, probation: previous !== null && route.probation ? {} : null };
    }),
  };
}

/** A complete deployment the registry does not know is registered again, as the real store's recovery does. */
function adoptDeployments(disk: SimulatedDisk, nowIso: string): void {
  const { registry, deployments, routes } = disk.facts;
  const bound = new Set([...routes.values()].map(keyOf));
  for (const key of deployments) {
    if (registry.has(key)) continue;
    const { zip, sha256, manifest } = packageNamed(key);
    const adopted: RegistryEntry = {
      ...{ ...releaseOf(key), zip, sha256, supported_pids: manifest.supportedPids, state: 'Deployed' },
      ...{ wanted: bound.has(key) ? 'running' : 'stopped', created_at: nowIso, updated_at: nowIso },
    };
    const written = disk.begin((facts) => ({ ...facts, registry: withEntry(facts.registry, key, adopted) }));
    disk.finish(written, false);
  }
}

/** PIDs bound to what is not there, by the real store's own judgement. */
function degradedIn({ facts: { registry, deployments, routes, zips } }: SimulatedDisk): ReadonlyMap<string, Fault> {
  const deployed = [...deployments].map((key): DeploymentFacts => {
    const { sha256 } = packageNamed(key);
    return { ...releaseOf(key), folder: `deployed/${key}`, record: { sha256 } } as unknown as DeploymentFacts;
  });
  const releases = [...registry.values()].map((entry) => {
    const deployment = deployed.find((other) => keyOf(other) === keyOf(entry));
    return { entry, ...(deployment === undefined ? {} : { deployment }) };
  });
  const problems = crossCheck(releases, deployed, routes, zips);
  return new Map(
    problems.flatMap((found) =>
      found.what === 'route_to_missing_release' ? [[found.subject, problemFault(found)] as const] : [],
    ),
  );
}
