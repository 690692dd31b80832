import type { Scene, TimedScene } from '../scene.js';
import type { Rule } from './rule.js';
import { deliveredTo, living, runnerOf } from './rule.js';

/** Who has been in which state since when. */
interface Stay {
  readonly state: string;
  readonly sinceMs: number;
}
interface Place {
  readonly path: string;
  readonly state: string;
  /** How long anybody may be there; `undefined`: for ever. */
  readonly limitMs: number | undefined;
}

/** Every actor in a state that has a deadline, by its policy. */
function places(system: Scene): readonly Place[] {
  const runner = runnerOf(system);
  const { drainMs } = runner.context.policy.timings;
  const place = (path: string, state: string, limits: Readonly<Record<string, number | null>>): Place => ({
    ...{ path, state },
    limitMs: limits[state] ?? undefined,
  });
  return [
    place('runner', runner.state, { Finishing: drainMs }),
    ...living(system, 'package').map(({ path, state, context: { policy } }) =>
      place(path, state, {
        'Executing.Draining': policy.timings.drainMs,
        'Stopped.Cooling': policy.restart.cooldownMs,
      }),
    ),
    ...living(system, 'process').map(({ path, state, context: { timings, helloAfterMs } }) =>
      place(path, state, {
        ...{
          Starting: timings.helloMs,
          Confirming: Math.max(0, timings.confirmMs - helloAfterMs),
          Stopping: timings.shutdownMs,
        },
        ...{ Terminating: timings.terminateMs },
      }),
    ),
    ...living(system, 'heartbeat').map(({ path, state, context }) => {
      const { timings } = context as unknown as { timings: { pingIntervalMs: number; pongGraceMs: number } };
      const { pingIntervalMs, pongGraceMs } = timings;
      return place(path, state, { Resting: pingIntervalMs, Awaiting: pongGraceMs, Missing: pongGraceMs });
    }),
    ...living(system, 'route').map(({ path, state, context: { policy } }) =>
      place(path, state, {
        Draining: policy.drainMs,
        Probation: policy.probation.durationMs,
        'Probation.Failed': policy.rollbackRetryMs,
      }),
    ),
  ];
}

/** Nobody stays longer than its deadline, and no deadline passes before its time. */
export const deadlinesAreKept = (): Rule<TimedScene> => {
  const stays = new Map<string, Stay & { readonly limitMs: number | undefined }>();
  return (system, judge) => {
    const { nowMs } = system;
    const over = new Set<string>();
    for (const machine of ['runner', 'package', 'process', 'heartbeat', 'route'] as const)
      for (const { actor, event, before } of deliveredTo(system, machine)) {
        const stay = stays.get(actor);
        if (before === null) over.add(actor);
        if (!event.type.startsWith('xstate.after.') || stay === undefined || stay.state !== before?.state) continue;
        over.add(actor);
        const { limitMs, sinceMs, state } = stay;
        if (limitMs !== undefined)
          judge(
            nowMs - sinceMs >= limitMs,
            () => `${actor} is ${state} for ${nowMs - sinceMs} ms only, not ${limitMs} ms`,
          );
      }
    for (const { path, state, limitMs } of places(system)) {
      const stay = stays.get(path);
      const sinceMs = stay?.state === state && !over.has(path) ? stay.sinceMs : nowMs;
      stays.set(path, { state, sinceMs, limitMs });
      // Where nobody answers any more, histories end before what is tried for ever.
      if (limitMs !== undefined && !/Cooling|Failed/.test(state))
        judge(
          nowMs - sinceMs <= limitMs,
          () => `${path} is ${state} for ${nowMs - sinceMs} ms, longer than ${limitMs} ms`,
        );
    }
  };
};

/** What not even SIGKILL ends is let go of in time. */
export const killedAreLetGo = (): Rule<TimedScene> => {
  const sinceMs = new Map<string, number>();
  return (system, judge) => {
    const { nowMs } = system;
    for (const seen of system.seen)
      if (seen.what === 'asked' && seen.command.type === 'group.abandon') {
        const since = sinceMs.get(seen.actor);
        const reapMs = living(system, 'process').find(({ path }) => path === seen.actor)?.context.timings.reapMs ?? 0;
        if (since !== undefined)
          judge(nowMs - since >= reapMs, () => `${seen.actor} is let go of after ${nowMs - since} ms`);
        sinceMs.set(seen.actor, Infinity);
      }
    for (const { path, state, context } of living(system, 'process')) {
      if (state !== 'Killing') sinceMs.delete(path);
      else if (!sinceMs.has(path)) sinceMs.set(path, nowMs);
      const since = sinceMs.get(path);
      if (since === undefined) continue;
      judge(nowMs - since <= context.timings.reapMs, () => `${path} is being killed for ${nowMs - since} ms`);
    }
  };
};
