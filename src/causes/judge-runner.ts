import { hasTag } from '../../machines/index.js';
import type { RunnerStatus, RunSeen, StatusFacts } from './status-facts.js';

/** How the Runner of a store is: pure. */
export function runnerOf(facts: StatusFacts): RunnerStatus {
  const { holder, run } = facts;
  if (holder === null) return gone(run);
  const { osPid, host, since } = holder;
  const known = { osPid, host, since, run: run?.isOfHolder === true ? run.run : null };
  const who = `process ${osPid} on ${host}`;
  if (holder.life === 'unknown')
    return {
      ...known,
      life: 'elsewhere',
      message: `${who} claimed the store; whether it lives cannot be seen from here`,
    };
  if (holder.isStopped)
    return {
      ...known,
      life: 'stopped',
      message: `${who} was stopped (SIGSTOP, a debugger, a frozen container) and does nothing`,
    };
  const silentMs = silence(facts);
  if (silentMs !== null)
    return {
      ...known,
      life: 'silent',
      message: `${who} has written nothing for ${Math.round(silentMs / 1000)} s, although it asks its processes every few seconds: it hangs`,
    };
  return { ...known, life: 'working', message: `${who} works on the store` };
}

function gone(run: RunSeen | null): RunnerStatus {
  const nobody = { osPid: null, host: null, run: run?.run ?? null };
  if (run === null)
    return { ...nobody, life: 'none', since: null, message: 'no Runner works on the store, and none did' };
  const since = iso(run.lastMs);
  if (run.isClosed)
    return { ...nobody, life: 'none', since, message: `no Runner works on the store; the last one closed at ${since}` };
  return {
    ...nobody,
    life: 'killed',
    since,
    message: `no Runner works on the store: the last one was killed at ${since}, or soon after`,
  };
}

const SLACK_MS = 5_000;
const PINGS_MISSED = 3;

/** How long a Runner has been silent although it pings processes; null: not long enough to matter. */
function silence({ nowMs, run, actors }: StatusFacts): number | null {
  if (run?.isOfHolder !== true || actors === null) return null;
  const pinging = actors.flatMap(({ machine, state, context }) => {
    if (machine !== 'package' || !isUp(state)) return [];
    const { policy } = context as { policy?: { timings?: { pingIntervalMs?: number; pongGraceMs?: number } } };
    const { pingIntervalMs = 0, pongGraceMs = 0 } = policy?.timings ?? {};
    return [pingIntervalMs + pongGraceMs];
  });
  if (pinging.length === 0) return null;
  const silentMs = nowMs - run.lastMs;
  return silentMs > PINGS_MISSED * Math.min(...pinging) + SLACK_MS ? silentMs : null;
}

/** A release takes calls. */
export const isServing = (state: string): boolean => hasTag('package', state, 'serving');
/** It takes calls, or is between two times in which it does. */
export const isUp = (state: string): boolean => /^(Running|Executing)\b/.test(state);

export const iso = (ms: number): string => new Date(ms).toISOString();
