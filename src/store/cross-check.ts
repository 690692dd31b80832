import { keyOf } from '../../machines/release.js';
import type { DeploymentFacts } from './deployments/index.js';
import type { ProblemKind, StoreProblem } from './problem.js';
import type { RegistryEntry, RestingState } from './registry/index.js';
import type { Route } from './routes/index.js';

/** What a release is on disk: its registry entry, and its deployment if that is complete. */
export interface ReleaseFacts {
  readonly entry: RegistryEntry;
  readonly deployment?: DeploymentFacts;
}

/**
 * Where the facts on disk contradict each other. Nothing is decided: which of two facts gives way is policy.
 * @param zips file names in `zips/`
 */
export function crossCheck(
  releases: readonly ReleaseFacts[],
  deployments: readonly DeploymentFacts[],
  routes: ReadonlyMap<string, Route>,
  zips: ReadonlySet<string>,
): StoreProblem[] {
  const known = new Map(releases.map((release) => [keyOf(release.entry), release]));
  return [
    ...releases.flatMap(({ entry, deployment }) => checkRelease(entry, deployment, zips)),
    ...deployments.flatMap((deployment) => checkDeployment(deployment, known)),
    ...[...routes].flatMap(([pid, route]) => checkRoute(pid, route, known)),
  ];
}

function checkRelease(
  entry: RegistryEntry,
  deployment: DeploymentFacts | undefined,
  zips: ReadonlySet<string>,
): StoreProblem[] {
  const key = keyOf(entry);
  const problems: StoreProblem[] = [];
  if (restsDeployed(entry.state) && deployment === undefined) {
    problems.push(problem('deployment_missing', key, `${key} is ${entry.state} in the registry, but not deployed.`));
  }
  if (deployment !== undefined && deployment.record.sha256 !== entry.sha256) {
    const message = `${key} was deployed from another zip than the one the registry names.`;
    problems.push(problem('deployment_differs', key, message));
  }
  if (!zips.has(entry.zip)) problems.push(problem('zip_missing', key, `The zip of ${key}, ${entry.zip}, is gone.`));
  return problems;
}

/** Also after a kill between the end of a deployment and its entry in the registry. */
function checkDeployment(deployment: DeploymentFacts, known: ReadonlyMap<string, ReleaseFacts>): StoreProblem[] {
  const key = keyOf(deployment);
  const state = known.get(key)?.entry.state;
  if (state !== undefined && restsDeployed(state)) return [];
  const registry = state === undefined ? 'the registry does not know it' : `the registry says ${state}`;
  return [problem('deployment_unregistered', key, `${key} is completely deployed, but ${registry}.`)];
}

function checkRoute(pid: string, route: Route, known: ReadonlyMap<string, ReleaseFacts>): StoreProblem[] {
  const key = keyOf(route);
  const release = known.get(key);
  if (release === undefined) return [missing(pid, `${pid} is bound to ${key}, which the registry does not know.`)];
  const { entry, deployment } = release;
  // Whether a complete deployment can be used shows when its files are read.
  if (deployment !== undefined) return routeUnsupported(pid, entry);
  const why = entry.reason === undefined ? ' and not deployed.' : `: ${entry.reason.message}`;
  return [missing(pid, `${pid} is bound to ${key}, which is ${entry.state}${why}`)];
}

/** A route that a person wrote for a PID its release does not list: no activation would have bound it (contract §8). */
export function routeUnsupported(pid: string, { name, version, supported_pids: pids }: RegistryEntry): StoreProblem[] {
  if (pids.length === 0 || pids.includes(pid)) return [];
  const release = keyOf({ name, version });
  const message = `active/${pid}.json binds ${pid} to ${release}, which serves ${pids.join(', ')}; ${pid} is degraded until it is activated or deactivated.`;
  return [problem('route_unsupported', pid, message)];
}

function missing(pid: string, message: string): StoreProblem {
  return problem('route_to_missing_release', pid, message);
}

function restsDeployed(state: RestingState): boolean {
  switch (state) {
    case 'Deployed':
    case 'Stopped':
      return true;
    case 'Discovered':
    case 'Validated':
    case 'Invalid':
      return false;
  }
}

function problem(what: ProblemKind, subject: string, message: string): StoreProblem {
  return { what, subject, message, done: null };
}
