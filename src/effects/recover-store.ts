import type { ReleaseFacts, StoreFacts } from '../../machines/package.events.js';
import type { ProbationPolicy } from '../../machines/probation.js';
import { placeRelease } from '../../machines/recovery.js';
import { keyOf } from '../../machines/release.js';
import { fault, toFault } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import type { Manifest } from '../package/index.js';
import { problemFault, recoverStore as recover } from '../store/index.js';
import type { DeploymentFacts, RecoveredStore, RegistryEntry, Route } from '../store/index.js';
import { adoptDeployments } from './adopt-deployments.js';
import { launchSpec } from './launch.js';
import { readDeployedManifest, recordedOf } from './deployed-manifest.js';
import { recordRest } from './registry-effects.js';
import type { EffectServices } from './effect-services.js';

/** Opens the store, undoes what a dead Runner left half done, and reads the facts (contract §9). */
export async function recoverStore(services: EffectServices): Promise<StoreFacts> {
  const { level: isolation } = services.isolation;
  const host = { isolation, segmentsReclaimed: services.segmentsReclaimed };
  let found = await recover(services.layout, { host });
  if ((await adoptDeployments(services, found)) > 0) {
    noteAll(services, found);
    found = await recover(services.layout);
  }
  services.registry = found.registry;
  services.audit = found.audit;
  services.journal = found.journal;
  for (const [pid, route] of found.routes) services.routes.set(pid, route);
  noteAll(services, found);
  const releases = await Promise.all(found.releases.map((release) => readRelease(services, release)));
  for (const [i, { entry }] of found.releases.entries()) {
    const placed = releases[i];
    if (placed === undefined || placed.state === entry.state) continue;
    // A full disk must not keep the rest from serving; the next start tries again.
    await recordRest(services, placed).catch((error: unknown) => services.problems.note(toFault(error)));
  }
  return { releases, routes: routesOf(found) };
}

function noteAll(services: EffectServices, { problems }: RecoveredStore): void {
  for (const problem of problems) {
    const { subject, message, done } = problem;
    const { name, details = {} } = problemFault(problem);
    services.problems.note(fault(name, `${subject}: ${message} ${done ?? ''}`.trim(), { details }));
  }
}

async function readRelease(services: EffectServices, { entry, deployment }: RecoveredStore['releases'][number]) {
  const key = keyOf(entry);
  const read = deployment === undefined ? null : await readDeployment(services, entry, deployment);
  const usable = read !== null && 'facts' in read ? read : null;
  services.releases.set(key, {
    key,
    zip: entry.zip,
    sha256: entry.sha256,
    manifest: usable?.manifest ?? null,
    report: null,
    validated: null,
    deployStartedMs: 0,
  });
  return placeRelease({
    key,
    registered: entry.state,
    wanted: entry.wanted,
    reason: entry.reason ?? null,
    facts: usable?.facts ?? null,
    damage: read !== null && 'damage' in read ? read.damage : null,
  });
}

type Deployment = { readonly manifest: Manifest; readonly facts: ReleaseFacts } | { readonly damage: Fault };

async function readDeployment(
  services: EffectServices,
  { name, version, supported_pids: supportedPids }: RegistryEntry,
  { record }: DeploymentFacts,
): Promise<Deployment> {
  const folder = services.layout.deployment(name, version);
  try {
    const registered = { name, version, supportedPids, ...recordedOf(record.installation) };
    const manifest = await readDeployedManifest(folder, registered);
    const launch = launchSpec({ folder, entryPoint: manifest.entryPoint });
    return { manifest, facts: { supportedPids: manifest.supportedPids, launch } };
  } catch (error) {
    services.problems.note(toFault(error));
    return { damage: toFault(error) };
  }
}

const routesOf = ({ routes, degraded }: RecoveredStore): StoreFacts['routes'] => [
  ...[...routes].flatMap(([pid, route]) => {
    if (degraded.has(pid)) return [];
    const previous = route.previous === undefined ? null : keyOf(route.previous);
    // Without something to return to there is nothing to prove.
    const probation = previous === null ? null : probationOf(route);
    return [{ pid, key: keyOf(route), previous, probation, fault: null }];
  }),
  ...[...degraded].map(([pid, reason]) => ({ pid, key: null, previous: null, probation: null, fault: reason })),
];

/** How the probation was to go, as far as the file says; what it does not say is the release's policy. */
function probationOf({ probation }: Route): Partial<ProbationPolicy> | null {
  if (probation === undefined) return null;
  const { duration_ms: durationMs, errors_max: errorsMax, calls_min: callsMin } = probation;
  return {
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(errorsMax === undefined ? {} : { errorsMax }),
    ...(callsMin === undefined ? {} : { callsMin }),
  };
}
