import type { Invariant } from './invariant.js';
import type { Delivered, Seen, SystemView } from './view.js';

/** Signs of life of one process. */
interface Life {
  /** When it was last heard, or last came to rest: silence counts from there. */
  readonly quietSinceMs: number;
  /** Pings since it was last heard. */
  readonly pings: number;
}
/** Unanswered pings in a row that end a process at rest; counting stops there. */
const PINGS_TO_BE_LOST = 2;
/** By actor path. */
type Lives = Readonly<Record<string, Life>>;

export const heartbeats: Invariant<Lives> = {
  number: 10,
  sentence:
    'A resting process that stops answering is found within interval + 2 × grace; none is ever killed for its heartbeat while it answers in time or while its call is within its deadline.',
  start: {},
  hears: (seen) =>
    (seen.what === 'asked' && seen.command.type === 'ping.send') || (isOfProcess(seen) && isSignOfLife(seen)),
  watch(lives, happened, view) {
    const { nowMs } = view;
    const known: Record<string, Life> = { ...lives };
    const wrong: string[] = [];
    let met = false;
    for (const seen of happened) {
      if (seen.what === 'asked') {
        const life = known[seen.actor];
        if (seen.command.type === 'ping.send' && life !== undefined)
          known[seen.actor] = { ...life, pings: Math.min(life.pings + 1, PINGS_TO_BE_LOST) };
      }
      if (!isOfProcess(seen)) continue;
      const life = known[seen.actor] ?? { quietSinceMs: nowMs, pings: 0 };
      met ||= seen.event.type === 'heartbeat.missed' && seen.before?.state === 'Running';
      wrong.push(...wronglyKilled(seen, life));
      known[seen.actor] = after(seen, life, nowMs);
    }
    wrong.push(
      ...[...view.processes].flatMap(
        ([
          actor,
          {
            state,
            context: { timings },
          },
        ]) => {
          const { quietSinceMs } = known[actor] ?? { quietSinceMs: nowMs };
          const boundMs = timings.pingIntervalMs + 2 * timings.pongGraceMs + view.lateMs;
          return state === 'Running' && nowMs - quietSinceMs > boundMs
            ? [`${actor} has been silent for ${nowMs - quietSinceMs} ms at rest`]
            : [];
        },
      ),
    );
    return { memory: living(known, view), wrong, met };
  },
};

const isOfProcess = (seen: Seen): seen is Delivered<'process'> =>
  seen.what === 'delivered' && seen.machine === 'process';

/** It answered, missed a ping, or came to rest: the moments from which silence is counted. */
const isSignOfLife = ({ event, before, after: now }: Delivered<'process'>): boolean =>
  before === null ||
  event.type === 'pong.received' ||
  event.type === 'heartbeat.missed' ||
  (now.state === 'Running' && before.state !== 'Running');

function wronglyKilled({ actor, event, before, after: now }: Delivered<'process'>, { pings }: Life): readonly string[] {
  if (event.type !== 'heartbeat.missed' || now.state !== 'Killing' || before?.state === 'Killing') return [];
  return [
    ...(before?.state === 'Running' ? [] : [`${actor} was killed for its heartbeat while it was ${before?.state}`]),
    ...(pings >= PINGS_TO_BE_LOST ? [] : [`${actor} was killed for its heartbeat after ${pings} unanswered pings`]),
  ];
}

function after({ event, before, after: now }: Delivered<'process'>, life: Life, nowMs: number): Life {
  if (before === null) return { quietSinceMs: nowMs, pings: 0 };
  if (event.type === 'pong.received') return { quietSinceMs: nowMs, pings: 0 };
  return now.state === 'Running' && before.state !== 'Running' ? { ...life, quietSinceMs: nowMs } : life;
}

const living = (lives: Lives, { processes }: SystemView): Lives =>
  Object.fromEntries(Object.entries(lives).filter(([actor]) => processes.has(actor)));
