import { keyOf } from '../../machines/release.js';
import { toFault } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import { asDecided } from './as-decided.js';
import { openAudit } from './audit/index.js';
import type { Audit } from './audit/index.js';
import { crossCheck } from './cross-check.js';
import type { ReleaseFacts } from './cross-check.js';
import { sweepDeployments } from './deployments/index.js';
import type { DeploymentFacts } from './deployments/index.js';
import { listIfThere, nodeFileSystem, syncFolder } from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import { endOperations, lastOperation, openJournal, readTold, redoOperations } from './journal/index.js';
import type { Journal, OperationEnd, RecoveredOperation } from './journal/index.js';
import { recordRecovery } from './last-recovery.js';
import type { RecoveringHost, RecoverySummary } from './last-recovery.js';
import { prepareStore } from './layout.js';
import type { StoreLayout } from './layout.js';
import { sweepTemporaryFiles } from './leftovers.js';
import { problemFault } from './problem.js';
import type { ProblemKind, StoreProblem } from './problem.js';
import { openRegistry } from './registry/index.js';
import type { Registry } from './registry/index.js';
import { keepRoute, readRoutes } from './routes/index.js';
import type { Route } from './routes/index.js';

/**
 * A store as it was found and put in order.
 *
 * @property operations under way when the last Runner died, and what became of them
 * @property routes as decided, also where an operation on them cannot be finished yet
 * @property aside names in `aside/` of what was kept there this time
 * @property degraded PIDs that are bound on disk but cannot be served, each with the reason
 * @property unregistered complete deployments that the registry does not count as deployed
 */
export interface RecoveredStore {
  readonly registry: Registry;
  readonly audit: Audit;
  readonly journal: Journal;
  readonly operations: readonly RecoveredOperation[];
  readonly releases: readonly ReleaseFacts[];
  readonly unregistered: readonly DeploymentFacts[];
  readonly routes: ReadonlyMap<string, Route>;
  readonly degraded: ReadonlyMap<string, Fault>;
  readonly problems: readonly StoreProblem[];
  readonly aside: readonly string[];
}

/**
 * Start of a Runner on a store whose lock it holds (contract §9): finishes what was decided, undoes what was not, reads
 * the facts, says what it did here and in the audit trail, and decides nothing else. Safe to be killed in, and to be run
 * again.
 * @throws RunnerError store_io_failed, store_corrupt when the registry cannot be read without losing what it holds
 */
export async function recoverStore(
  layout: StoreLayout,
  options: { readonly now?: () => Date; readonly host?: RecoveringHost } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<RecoveredStore> {
  const unavailable = await prepareStore(layout, fs);
  const asideBefore = await namesIn(layout.aside, fs);
  const leftovers = await sweepTemporaryFiles(layout, fs);
  const registry = await openRegistry(layout, fs);
  const audit = await openAudit(layout, options, fs);
  const trail = await readTold(layout, fs).catch(() => []); // the audit trail itself says that it cannot be read
  const journal = await openJournal(layout, { ...options, after: lastOperation(trail) }, fs);
  const store = { layout, registry, audit, journal };
  const { pending, problems: unfinished } = await redoOperations(store, fs);
  const swept = await sweepDeployments(layout, fs);
  const read = await readRoutes(layout, fs);
  const zips = await namesIn(layout.zips, fs);

  const { routes, degraded, deployments, entries } = asDecided(pending, {
    ...read,
    ...swept,
    entries: registry.entries(),
  });
  const deployed = new Map(deployments.map((found) => [keyOf(found), found]));
  const releases = entries.map((entry): ReleaseFacts => {
    const deployment = deployed.get(keyOf(entry));
    return deployment === undefined ? { entry } : { entry, deployment };
  });
  const contradictions = await keepingRoutes(layout, crossCheck(releases, deployments, routes, zips), fs);
  const unregistered = contradictions.flatMap(({ what, subject }) =>
    what === 'deployment_unregistered' ? (deployed.get(subject) ?? []) : [],
  );
  // The others were promised before they were registered; these count from now on, so they have to be there to stay.
  const newlyFound = unregistered.map(({ folder }) => folder);
  for (const folder of newlyFound) await syncFolder(folder, fs);
  const unserved = contradictions.filter(({ what }) => UNSERVED.includes(what));
  const problems = [
    ...unavailable,
    ...leftovers,
    ...(await sweepTemporaryFiles(layout, fs, newlyFound)),
    ...unfinished,
    ...swept.problems,
    ...registry.problems,
    ...read.problems,
    ...audit.problems,
    ...contradictions,
  ];
  const aside = [...(await namesIn(layout.aside, fs))].filter((name) => !asideBefore.has(name));
  const ends = endOperations(store, pending, trail, (key) => deployed.has(key), fs);
  const operations = ends.map(({ operation }) => operation);
  return {
    registry,
    audit,
    journal,
    operations,
    releases,
    unregistered,
    routes,
    degraded: new Map([...degraded, ...unserved.map((found) => [found.subject, problemFault(found)] as const)]),
    problems: [...problems, ...(await tell(audit, ends, { host: options.host ?? null, operations, problems, aside }))],
    aside,
  };
}

const UNSERVED: readonly ProblemKind[] = ['route_to_missing_release', 'route_unsupported'];

/** A copy of what a person wrote is kept before anybody writes over it. */
function keepingRoutes(
  layout: StoreLayout,
  problems: readonly StoreProblem[],
  fs: FileSystem,
): Promise<readonly StoreProblem[]> {
  const kept = async (problem: StoreProblem): Promise<StoreProblem> =>
    problem.what === 'route_unsupported' ? { ...problem, done: await keepRoute(layout, problem.subject, fs) } : problem;
  return Promise.all(problems.map(kept));
}

/** Records what was done. A trail that cannot be written does not keep the store from serving. */
async function tell(audit: Audit, ends: readonly OperationEnd[], summary: RecoverySummary): Promise<StoreProblem[]> {
  try {
    for (const end of ends) await end.tell();
    await recordRecovery(audit, summary);
  } catch (error) {
    const message = `What was done could not be recorded: ${toFault(error).message}`;
    return [{ what: 'audit_unavailable', subject: 'logs/audit.jsonl', message, done: null }];
  }
  await forget(ends).catch(() => undefined); // the next change tries again
  return [];
}

async function forget(ends: readonly OperationEnd[]): Promise<void> {
  for (const end of ends) await end.forget();
}

async function namesIn(folder: string, fs: FileSystem): Promise<ReadonlySet<string>> {
  return new Set((await listIfThere(folder, fs)).map(({ name }) => name));
}
