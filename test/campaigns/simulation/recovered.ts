import type { Host } from '../../../src/runner/host/host.js';
import type { Runner } from '../../../src/runner/runner.js';
import type { SimulatedDisk } from './disk.js';

/** Where a Runner that has just started knows something else than its store holds, or lets it lie. */
export function unlikeStore(runner: Runner, host: Host, { facts, broken }: SimulatedDisk): readonly string[] {
  const listed = runner.list();
  const routes = [...facts.routes].flatMap(([pid, { name, version }]) => {
    const { release: known, fault } = listed.routes.find((route) => route.pid === pid) ?? {};
    // Degraded by name, where the disk had lied about what it is bound to.
    if (broken && known === null && fault !== null) return [];
    const key = `${name}@${version}`;
    return known === key ? [] : [`${pid} is bound to ${key} on disk, the Runner says ${known}`];
  });
  const releases = [...facts.registry.keys()].flatMap((key) =>
    listed.releases.some(({ release }) => release === key)
      ? []
      : [`${key} is in the registry, the Runner does not know it`],
  );
  const { standings } = host.actor.getSnapshot().context;
  const idle = listed.routes.flatMap(({ pid, release }) => {
    const standing = release === null ? undefined : standings[release];
    // A disk that lied may hold the route from before a switch and the rest from after it: it looks like a stop by force.
    const isLeft = !broken && standing?.resting === true && standing.fault === null;
    return isLeft ? [`${pid} is bound to ${release}, and nobody starts it (it is ${standing.state})`] : [];
  });
  return [...routes, ...releases, ...idle];
}
