import { releaseOf } from '../../machines/release.js';
import type { RouteChange, RouteRecord } from '../../machines/route.events.js';
import { toFault } from '../base/errors/index.js';
import { commitRoutes as commit, isDecided } from '../store/index.js';
import type { Route } from '../store/index.js';
import type { EffectServices } from './effect-services.js';

/**
 * The commit point of every change of routes: all PIDs of it or none (contract §8, §9).
 *
 * @throws RunnerError store_io_failed: files and memory are as before. A failure after the change was decided is no
 * failure: the next reader sees the change, so memory follows it, and the journal finishes what is missing.
 */
export async function commitRoutes(services: EffectServices, change: RouteChange): Promise<void> {
  const nowIso = new Date().toISOString();
  const routes = new Map(change.routes.map((record) => [record.pid, routeOf(services, record, nowIso)]));
  const { operationId } = change;
  try {
    await commit(services, operationId === 0 ? ownOperation(change) : operationId, routes);
  } catch (error) {
    if (!isDecided(error)) throw error;
    services.problems.note(toFault(error));
  }
  for (const [pid, route] of routes)
    if (route === null) services.routes.delete(pid);
    else services.routes.set(pid, route);
}

function routeOf({ routes }: EffectServices, record: RouteRecord, nowIso: string): Route | null {
  const { pid, key, previous, probation } = record;
  if (key === null) return null;
  const { name, version } = releaseOf(key);
  const present = routes.get(pid);
  const stays = present?.name === name && present.version === version;
  return {
    name,
    version,
    activated_at: stays ? present.activated_at : nowIso,
    ...(previous === null ? {} : { previous: releaseOf(previous) }),
    ...(probation === null
      ? {}
      : {
          probation: {
            started_at: nowIso,
            ...(probation.durationMs === undefined ? {} : { duration_ms: probation.durationMs }),
            ...(probation.errorsMax === undefined ? {} : { errors_max: probation.errorsMax }),
            ...(probation.callsMin === undefined ? {} : { calls_min: probation.callsMin }),
          },
        }),
  };
}

/** Nobody asked: a rollback the Runner began by itself, the end of a probation. */
const ownOperation = ({ kind, reason, routes }: RouteChange) => ({
  who: 'runner',
  what: kind,
  subject: routes.map(({ pid }) => pid).join(','),
  details: {
    pids: routes.map(({ pid }) => pid),
    release: routes[0]?.key ?? null,
    ...(reason === null ? {} : { reason }),
  },
});
