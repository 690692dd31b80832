import type { PackageContext } from '../../../machines/index.js';
import type { Delivery } from './composition.js';
import { stateOf } from './stepper.js';
import { packagesOf, routesOf } from './users.js';
import type { World } from './world.js';

/** Looks on while a history is lived; what it gives back is wrong. */
export interface Watch {
  /** After every outside event. */
  after?(world: World): readonly string[];
  /** Once everything came to rest. */
  atRest?(world: World): readonly string[];
}

const releaseOfRoute = (node: { snapshot: { context: unknown } }): string | null =>
  (node.snapshot.context as { release: string | null }).release;

/** PIDs bound to a release, as the route actors have it. */
const boundTo = (world: World, key: string): readonly string[] =>
  routesOf(world.composition).flatMap((node) => (releaseOfRoute(node) === key ? [node.path] : []));

const keyOf = ({ node }: Delivery): string => (node.snapshot.context as { key: string }).key;
const isPackage = ({ node }: Delivery): boolean => node.stepper.machine.id === 'package';

/** Invariant 6, seen from the other end of the pipe. */
export const onlyBreaches = (...wanted: readonly string[]): Watch => ({
  after: ({ breaches }) => breaches.filter((breach) => wanted.includes(breach)),
});

/** Invariant 5. */
export const oneOutcomePerCall = (): Watch => ({
  after: ({ ledger }) => ledger.faults,
  atRest: ({ ledger }) => ledger.faultsAtRest,
});

/** Invariants 2, 3 and 4: memory follows the file, and the file follows readiness. */
export function routesFollowTheirFile(): Watch {
  const change = (delivery: Delivery, world: World): readonly string[] => {
    const { node, before, event, step } = delivery;
    if (node.stepper.machine.id !== 'route' || before === null) return [];
    const [was, is] = [releaseOfRoute({ snapshot: before }), releaseOfRoute({ snapshot: step.snapshot })];
    const wrote = event.type === 'xstate.done.actor.writeRoute' || event.type === 'xstate.done.actor.removeRoute';
    const unready =
      stateOf(step.snapshot) === 'Committing' &&
      stateOf(before) !== 'Committing' &&
      !isServing(world, candidateOf(node));
    return [
      ...(was !== is && !wrote ? [`${node.path} went from ${was} to ${is} on ${event.type}`] : []),
      ...(unready ? [`${node.path} commits to a release that does not serve`] : []),
    ];
  };
  return { after: (world) => world.deliveries.flatMap((delivery) => change(delivery, world)) };
}

const candidateOf = ({ snapshot }: { snapshot: { context: unknown } }): string | null =>
  (snapshot.context as { candidate: string | null }).candidate;

function isServing({ composition }: World, key: string | null): boolean {
  const node = packagesOf(composition).find(({ id }) => id === `package/${key}`);
  return node !== undefined && ['Running', 'Executing'].includes(stateOf(node.snapshot));
}

/** Contract §8 and invariant 11. */
export const routedReleasesAreLeftAlone = (): Watch => ({
  after: (world) =>
    world.deliveries.flatMap((delivery) => {
      const { event } = delivery;
      if (!isPackage(delivery) || boundTo(world, keyOf(delivery)).length === 0) return [];
      const { stimulus } = world;
      const forced = stimulus?.by === 'user' && stimulus.event['force'] === true;
      const stopped = event.type === 'package.stop' && event['wanted'] === 'stopped' && !forced;
      return stopped || event.type === 'package.uninstall'
        ? [`${keyOf(delivery)} got ${event.type} although it is routed`]
        : [];
    }),
});

/**
 * Invariant 1: a routed PID points at a release that serves, is being brought to serve, or is faulted by name. A release
 * somebody stopped by force, or that was never started since the Runner opened, is excused.
 */
export function routesPointAtSomething(): Watch {
  const started = new Set<string>();
  return {
    after: (world) => {
      if (stateOf(world.composition.root.snapshot) !== 'Serving') return [];
      const { stimulus } = world;
      if (stimulus?.by === 'user' && stimulus.event['force'] === true) started.delete(String(stimulus.event['key']));
      for (const node of packagesOf(world.composition))
        if (stateOf(node.snapshot) === 'Running') started.add((node.snapshot.context as { key: string }).key);
      return routesOf(world.composition).flatMap((route) => {
        const key = releaseOfRoute(route);
        return key === null ? [] : wrongTarget(world, route.path, key, started.has(key));
      });
    },
  };
}

function wrongTarget(world: World, route: string, key: string, expected: boolean): readonly string[] {
  const node = packagesOf(world.composition).find(({ id }) => id === `package/${key}`);
  if (node === undefined) return [`${route} points at ${key}, which is gone`];
  const state = stateOf(node.snapshot);
  if (/Invalid|Removing|Uninstalling|Validated|Discovered/.test(state)) return [`${route} points at ${key}, ${state}`];
  const { fault } = node.snapshot.context as { fault: unknown };
  return expected && fault === null && /Idle/.test(state)
    ? [`${route} points at ${key}, ${state} without a fault`]
    : [];
}

/** Every activation and deactivation is answered exactly once. */
export function operationsAreAnswered(): Watch {
  const open = new Set<number>();
  return {
    after: (world) => {
      const { stimulus } = world;
      if (stimulus?.by === 'user' && /^route\.(de)?activate$/.test(stimulus.event.type))
        open.add(Number(stimulus.event['operationId']));
      return world.emitted.flatMap(({ path, event }) => {
        if (!path.startsWith('route/') || !/^operation\./.test(event.type)) return [];
        return open.delete(Number(event['operationId'])) ? [] : [`operation ${event['operationId']} answered twice`];
      });
    },
    atRest: () => [...open].map((id) => `operation ${id} was never answered`),
  };
}

/** Invariant 12: the Runner calls itself closed only when nothing of it is under way any more. */
export const closedMeansNothingIsLeft = (): Watch => ({
  after: ({ leftBehind, abandoned, composition }) => (composition.root.stopped ? [...leftBehind, ...abandoned] : []),
});

/** Invariant 10: ended for its heartbeat only at rest, and only after two pings in a row went unanswered. */
export const onlyTheDeafAreKilled = (): Watch => ({
  after: ({ deliveries }) =>
    deliveries.flatMap(({ node, before, event, step }) => {
      const killed = before !== null && stateOf(before) !== 'Killing' && stateOf(step.snapshot) === 'Killing';
      if (event.type !== 'heartbeat.missed' || !killed) return [];
      const os = node.children.get('os');
      const unanswered = os?.kind === 'os' ? os.facts.pingsOut : 0;
      return stateOf(before) === 'Running' && unanswered >= 2
        ? []
        : [`${node.path} was killed in ${stateOf(before)} with ${unanswered} pings unanswered`];
    }),
});

/** Invariant 9: once the losses within the window reach the limit, nothing is restarted any more. */
export function theBreakerHolds(): Watch {
  const losses = new Map<string, readonly number[]>();
  const restarting = /^(Running|Running\.Restarting|Executing|(Deployed|Stopped)\.Starting)$/;
  const judge = (delivery: Delivery): readonly string[] => {
    const { node, before, event, step } = delivery;
    if (!isPackage(delivery) || before === null) return [];
    const [from, to] = [stateOf(before), stateOf(step.snapshot)];
    const serves = /Starting/.test(from) && ['Running', 'Executing'].includes(to);
    if (serves || /Requested/.test(to)) losses.delete(node.path);
    if (event.type !== 'process.ended' || !restarting.test(from)) return [];
    const { breakerLosses, windowMs } = (step.snapshot.context as PackageContext).policy.restart;
    const atMs = Number(event['atMs']);
    const recent = [...(losses.get(node.path) ?? []), atMs].filter((lossMs) => atMs - lossMs < windowMs);
    losses.set(node.path, recent);
    return recent.length >= breakerLosses && restarting.test(to)
      ? [`${node.path} goes on after ${recent.length} losses within ${windowMs} ms`]
      : [];
  };
  return { after: ({ deliveries }) => deliveries.flatMap((delivery) => judge(delivery)) };
}
