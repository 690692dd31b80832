import type { Expectation, Progress } from './expectation.js';
import type { Facts } from './facts.js';

/** One thing that an operation changes: `A01`, bound to what, or a release, `there` or `gone`. */
interface Change {
  readonly what: string;
  readonly now: string;
  readonly before: string;
  readonly after: string;
}

const UNBOUND = 'nothing';

export function progressOf(expectation: Expectation, facts: Facts): Progress {
  return progressOfAll([...routesIn(expectation, facts), ...releasesIn(expectation, facts)]);
}

/** What belongs together happened together. */
export function agreement(expectation: Expectation, facts: Facts): string[] {
  const [routes, releases] = [routesIn(expectation, facts), releasesIn(expectation, facts)];
  const groups = expectation.operation.parts
    ? [routes, ...releases.map((release) => [release])]
    : [[...routes, ...releases]];
  return groups
    .filter((group) => progressOfAll(group) === 'between')
    .map((group) => {
      const told = group.map(({ what, now, before, after }) => `${what} ${now} (${before} → ${after})`);
      return `Half of it is done: ${told.join(', ')}.`;
    });
}

/** Each PID is bound to what it was bound to before, or is to be bound to, and never to what is not deployed. */
export function routeProblems(expectation: Expectation, facts: Facts): string[] {
  const concerned = new Map(routesIn(expectation, facts).map((change) => [change.what, change]));
  const known = expectation.before.routes;
  const pids = new Set([...known.keys(), ...facts.routes.keys()]);
  return [...pids].flatMap((pid) => {
    const now = facts.routes.get(pid) ?? UNBOUND;
    const before = known.get(pid) ?? UNBOUND;
    const after = concerned.get(pid)?.after ?? before;
    if (now !== before && now !== after) return [`${pid} is bound to ${now}, which is neither ${before} nor ${after}.`];
    return now === UNBOUND || facts.deployments.has(now) ? [] : [`${pid} is bound to ${now}, which is not deployed.`];
  });
}

/** A PID that was switched can still be rolled back (contract §9: the route holds what that needs after a crash). */
export function rollbackProblems(expectation: Expectation, facts: Facts): string[] {
  if (expectation.operation.act.do !== 'switch') return [];
  return routesIn(expectation, facts).flatMap(({ what, now, before, after }) =>
    now !== after || facts.previous.get(what) === before ? [] : [`${what} was switched, but not from ${before}.`],
  );
}

function routesIn({ operation, before }: Expectation, facts: Facts): Change[] {
  return Object.entries(operation.routes).map(([pid, after]) => ({
    what: pid,
    now: facts.routes.get(pid) ?? UNBOUND,
    before: before.routes.get(pid) ?? UNBOUND,
    after: after ?? UNBOUND,
  }));
}

function releasesIn({ operation }: Expectation, { deployments }: Facts): Change[] {
  const change = (what: string, before: string, after: string): Change => ({
    what,
    now: deployments.has(what) ? 'there' : 'gone',
    before,
    after,
  });
  return [
    ...operation.fresh.map(({ release }) => change(release, 'gone', 'there')),
    ...operation.gone.map((release) => change(release, 'there', 'gone')),
  ];
}

function progressOfAll(changes: readonly Change[]): Progress {
  if (changes.every(({ now, after }) => now === after)) return 'after';
  return changes.every(({ now, before }) => now === before) ? 'before' : 'between';
}
