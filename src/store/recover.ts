import { toFault } from '../errors/index.js';
import type { Fault } from '../errors/index.js';
import { openAudit } from './audit/index.js';
import type { Audit } from './audit/index.js';
import { crossCheck } from './cross-check.js';
import type { ReleaseFacts } from './cross-check.js';
import { sweepDeployments } from './deployments/index.js';
import type { DeploymentFacts } from './deployments/index.js';
import { listIfThere, nodeFileSystem } from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import { prepareStore } from './layout.js';
import type { StoreLayout } from './layout.js';
import { sweepTemporaryFiles } from './leftovers.js';
import { problemFault } from './problem.js';
import type { StoreProblem } from './problem.js';
import { openRegistry, releaseKey } from './registry/index.js';
import type { Registry } from './registry/index.js';
import { readRoutes } from './routes/index.js';
import type { Route } from './routes/index.js';

/**
 * A store as it was found and put in order.
 *
 * @property degraded PIDs that are bound on disk but cannot be served, each with the reason
 * @property unregistered complete deployments that the registry does not count as deployed
 */
export interface RecoveredStore {
  readonly registry: Registry;
  readonly audit: Audit;
  readonly releases: readonly ReleaseFacts[];
  readonly unregistered: readonly DeploymentFacts[];
  readonly routes: ReadonlyMap<string, Route>;
  readonly degraded: ReadonlyMap<string, Fault>;
  readonly problems: readonly StoreProblem[];
}

/**
 * Start of a Runner on a store whose lock it holds (contract §9): undoes what was under way, reads the facts, says what
 * it did in `problems` and in the audit trail, and decides nothing else. Safe to be killed in, and to be run again.
 * @throws RunnerError store_io_failed, store_corrupt when the registry cannot be read without losing what it holds
 */
export async function recoverStore(
  layout: StoreLayout,
  options: { readonly now?: () => Date } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<RecoveredStore> {
  await prepareStore(layout, fs);
  const leftovers = await sweepTemporaryFiles(layout, fs);
  const swept = await sweepDeployments(layout, fs);
  const registry = await openRegistry(layout, fs);
  const { routes, degraded, problems: badRoutes } = await readRoutes(layout, fs);
  const audit = await openAudit(layout, options, fs);
  const zips = new Set((await listIfThere(layout.zips, fs)).map(({ name }) => name));

  const deployed = new Map(swept.deployments.map((found) => [releaseKey(found.name, found.version), found]));
  const releases = registry.entries().map((entry): ReleaseFacts => {
    const deployment = deployed.get(releaseKey(entry.name, entry.version));
    return deployment === undefined ? { entry } : { entry, deployment };
  });
  const contradictions = crossCheck(releases, swept.deployments, routes, zips);
  const problems = [
    ...leftovers,
    ...swept.problems,
    ...registry.problems,
    ...badRoutes,
    ...audit.problems,
    ...contradictions,
  ];
  const missing = contradictions.filter(({ what }) => what === 'route_to_missing_release');
  const unregistered = contradictions.filter(({ what }) => what === 'deployment_unregistered');
  return {
    registry,
    audit,
    releases,
    unregistered: unregistered.flatMap(({ subject }) => deployed.get(subject) ?? []),
    routes,
    degraded: new Map([...degraded, ...missing.map((found) => [found.subject, problemFault(found)] as const)]),
    problems: [...problems, ...(await tell(audit, problems))],
  };
}

/** Records what was done. A trail that cannot be written does not keep the store from serving. */
async function tell(audit: Audit, problems: readonly StoreProblem[]): Promise<StoreProblem[]> {
  try {
    for (const { what, subject, message, done } of problems) {
      if (done === null) continue;
      await audit.append({ who: 'recovery', what: `store.${what}`, subject, outcome: done, details: { message } });
    }
    return [];
  } catch (error) {
    const { message } = toFault(error);
    return [
      {
        what: 'audit_unavailable',
        subject: 'logs/audit.jsonl',
        message: `What was done could not be recorded: ${message}`,
        done: null,
      },
    ];
  }
}
