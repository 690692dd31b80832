import type { Expectation } from './expectation.js';
import type { Deployment, Entry, Facts } from './facts.js';

const DEPLOYED = ['Deployed', 'Stopped'];
/** Invalid is for what is wrong with a package; a kill makes none so. */
const RESTING = [...DEPLOYED, 'Discovered', 'Validated'];

/** Registry, deployments and zips say the same of every release (contract §9). */
export function releaseProblems(expectation: Expectation, facts: Facts): string[] {
  const { registry, deployments, zips } = facts;
  if (typeof registry === 'string') return [registry];
  const { operation, before, complete } = expectation;
  const known = typeof before.registry === 'string' ? new Map<string, Entry>() : before.registry;
  const fresh = new Map(operation.fresh.map(({ release, sha256 }) => [release, sha256]));
  const gone = [...known.keys()].filter((release) => !registry.has(release) && !operation.gone.includes(release));
  const strange = [...registry.keys()].filter((release) => !known.has(release) && !fresh.has(release));
  const unregistered = [...deployments.keys()].filter((release) => !registry.has(release));
  const whole = new Set([...fresh.values(), ...before.zips.values()]);
  return [
    ...[...registry].flatMap(([release, entry]) => entryProblems(release, entry, facts)),
    ...[...known.keys()].flatMap((release) => restProblems(release, registry.get(release))),
    ...[...deployments].flatMap(([release, found]) => deploymentProblems(release, found, complete.get(release) ?? [])),
    ...gone.map((release) => `${release} is gone.`),
    ...strange.map((release) => `Nobody installed ${release}.`),
    ...unregistered.map((release) => `${release} is deployed, but not in the registry.`),
    ...[...zips].filter(([, sha256]) => !whole.has(sha256)).map(([file]) => `${file} in zips/ is not a whole zip.`),
  ];
}

function entryProblems(release: string, { state, sha256, zip }: Entry, { deployments, zips }: Facts): string[] {
  const deployment = deployments.get(release);
  const problems: string[] = [];
  if (!RESTING.includes(state)) problems.push(`${release} rests in ${state}, though nothing is wrong with it.`);
  if (DEPLOYED.includes(state) !== (deployment !== undefined))
    problems.push(`${release} is ${state} in the registry, and ${deployment ? 'deployed' : 'not deployed'} on disk.`);
  if (deployment !== undefined && deployment.sha256 !== sha256)
    problems.push(`${release} was deployed from another zip than the registry says.`);
  if (zips.get(zip) !== sha256) problems.push(`${zip}, the zip of ${release}, is not what the registry says.`);
  return problems;
}

/** What was deployed before stays so, or goes. */
function restProblems(release: string, entry: Entry | undefined): string[] {
  if (entry === undefined || DEPLOYED.includes(entry.state)) return [];
  return [`${release} was deployed and is ${entry.state} now.`];
}

function deploymentProblems(release: string, { marked, files }: Deployment, complete: readonly string[]): string[] {
  const differing = differences(complete, files);
  return [
    ...(marked ? [`${release} is marked as incomplete.`] : []),
    ...(differing.length > 0 ? [`The deployment of ${release} is not whole: ${shortened(differing)}.`] : []),
  ];
}

function differences(wanted: readonly string[], found: readonly string[]): string[] {
  const [all, there] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((file) => !there.has(file)).map((file) => `without ${file}`),
    ...found.filter((file) => !all.has(file)).map((file) => `with ${file}`),
  ];
}

const SHOWN = 5;

const shortened = (differing: readonly string[]): string =>
  differing.length <= SHOWN
    ? differing.join(', ')
    : `${differing.slice(0, SHOWN).join(', ')}, … ${differing.length} in all`;
