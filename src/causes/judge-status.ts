import type { SeenFault } from '../trace/index.js';
import type { ActorNow } from './actors-now.js';
import { iso, isServing, isUp, runnerOf } from './judge-runner.js';
import type { Amiss, PidStatus, RunnerStatus, StatusFacts, StatusReport } from './status-facts.js';

/**
 * Whether all is well on a store, from what was seen of it at one moment: pure.
 *
 * INVARIANTS
 * - Only a living Runner serves PIDs; after its death nothing does, whatever the registry holds.
 * - A Runner that cannot be seen is never said to be well.
 */
export function judgeStatus(facts: StatusFacts): StatusReport {
  const runner = runnerOf(facts);
  const pids =
    facts.actors === null
      ? facts.routes.map((route) => unseen(route, runner))
      : pidsOf(facts, facts.actors).map((status) => (runner.life === 'working' ? status : unserved(status, runner)));
  const amiss = [
    ...ofRunner(runner),
    ...pids.flatMap(({ pid, amiss: what }): readonly Amiss[] =>
      what === null ? [] : [{ subject: pid, what, next: nextFor(pid, facts) }],
    ),
    ...ofReleases(facts.actors ?? [], pids),
    ...facts.problems,
  ];
  return { ok: amiss.length === 0, at: iso(facts.nowMs), runner, pids, amiss };
}

/** The trace does not say why a route file is unusable; the audit trail says what the PID was bound to before. */
function nextFor(pid: string, { routes, actors }: StatusFacts): readonly string[] | null {
  if (routes.some((route) => route.pid === pid && route.fault !== null)) return ['history', pid];
  return actors === null ? null : ['trace', 'why', pid];
}

function ofRunner({ life, message }: RunnerStatus): readonly Amiss[] {
  switch (life) {
    case 'working':
      return [];
    case 'stopped':
    case 'silent':
    case 'elsewhere':
      return [{ subject: 'runner', what: message, next: ['trace', 'show', '--tail', '20'] }];
    case 'killed':
    case 'none':
      return [{ subject: 'runner', what: `${message}; start the host again`, next: ['doctor'] }];
  }
}

/** Of a Runner whose actors cannot be seen. */
function unseen(
  { pid, release, activatedAt, fault }: StatusFacts['routes'][number],
  { life }: RunnerStatus,
): PidStatus {
  const dead = life === 'killed' || life === 'none';
  const amiss =
    fault !== null ? `${fault.code} ${fault.message}` : dead ? 'no Runner serves it' : 'what serves it cannot be seen';
  return {
    ...{ pid, bound: release, serving: null, onProbation: false, last: null, amiss },
    state: dead ? 'not served' : 'not known',
    since: activatedAt,
  };
}

/** Whatever its Runner knew of it last. */
const unserved = (status: PidStatus, { life }: RunnerStatus): PidStatus => ({
  ...status,
  serving: null,
  state: life === 'elsewhere' ? 'not known' : 'not served',
  amiss: status.amiss ?? (life === 'elsewhere' ? 'what serves it cannot be seen' : 'its Runner does nothing'),
});

interface RouteKnown {
  readonly release?: string | null;
  readonly onProbation?: boolean;
  readonly fault?: SeenFault | null;
}
interface PackageKnown {
  readonly fault?: SeenFault | null;
  readonly slots?: readonly unknown[];
}

function pidsOf({ routes }: StatusFacts, actors: readonly ActorNow[]): readonly PidStatus[] {
  const byPath = new Map(actors.map((actor) => [actor.actor, actor]));
  const activated = new Map(routes.map(({ pid, activatedAt }) => [pid, activatedAt]));
  return actors.flatMap((actor): readonly PidStatus[] => {
    if (actor.machine !== 'route') return [];
    const { release = null, onProbation = false, fault = null } = actor.context as RouteKnown;
    if (release === null && fault === null) return [];
    const pid = actor.actor.slice('route/'.length);
    const serves = release === null ? undefined : byPath.get(`package/${release}`);
    const amiss = amissOf(release, fault, serves);
    const last = [actor.last, serves?.last ?? null].flatMap((found) => found ?? []).sort((a, b) => b.atMs - a.atMs)[0];
    const since = amiss === null ? newest(actor.sinceMs, serves?.sinceMs ?? null) : (serves ?? actor).sinceMs;
    return [
      {
        ...{ pid, bound: release, serving: amiss === null ? release : null, onProbation, amiss },
        state: amiss === null ? 'serving' : stateOf(serves, actor),
        since: since === null ? (activated.get(pid) ?? null) : iso(since),
        last: last === undefined ? null : { at: iso(last.atMs), what: told(last) },
      },
    ];
  });
}

function amissOf(release: string | null, fault: SeenFault | null, serves: ActorNow | undefined): string | null {
  if (fault !== null) return `${fault.code} ${fault.message}`;
  if (serves === undefined) return `${release ?? 'its release'} is not there`;
  if (isServing(serves.state)) return null;
  const own = (serves.context as PackageKnown).fault ?? null;
  const why = own === null ? '' : `: ${own.code} ${own.message}`;
  const meaning = isUp(serves.state) ? 'it takes no calls at the moment' : 'it was not started, or stopped';
  return `${release ?? ''} is ${serves.state}${why === '' ? `: ${meaning}` : why}`;
}

const stateOf = (serves: ActorNow | undefined, route: ActorNow): string => serves?.state ?? route.state;

/** Releases that are faulted and bound to nothing. */
function ofReleases(actors: readonly ActorNow[], pids: readonly PidStatus[]): readonly Amiss[] {
  const told = new Set(pids.map(({ bound }) => bound));
  return actors.flatMap(({ actor, machine, state, context }): readonly Amiss[] => {
    const key = actor.slice('package/'.length);
    const { fault = null } = context as PackageKnown;
    if (machine !== 'package' || fault === null || told.has(key) || isUp(state)) return [];
    return [{ subject: key, what: `${state}: ${fault.code} ${fault.message}`, next: ['trace', 'why', key] }];
  });
}

const told = ({ sentence, fault }: NonNullable<ActorNow['last']>): string =>
  fault === null ? sentence : `${sentence}: ${fault.message}`;

const newest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
