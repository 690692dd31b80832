import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Goals } from './goals.js';
import type { Wanted } from './goals.js';
import type { Kill, Operation } from './judge/evidence.js';
import { runKiller } from './kills/killer.js';
import { CallersLedger } from './ledgers/callers.js';
import type { Line } from './line.js';
import { runCaller } from './load/caller.js';
import { Draws } from './load/draws.js';
import { watchRoutes } from './load/route-watch.js';
import { ALGORITHMS, releaseNamed } from './packages/releases.js';
import { runOperator } from './switches/operator.js';

/** Callers of one PID, each with a flow of its own. */
const CALLERS_PER_PID = 2;
/** How long what is under way may take once it is told to stop; whatever is not over then is found by the judge. */
const FINISH_MS = 30_000;
const CLOSE_MS = 60_000;
const SAY_EVERY_MS = 5000;
/** Of each kind of lapse the first ones tell enough. */
const LAPSES_KEPT = 1000;

/** What happened while it ran, as far as the campaign itself saw it. */
export interface Course {
  readonly calls: CallersLedger;
  readonly kills: readonly Kill[];
  readonly operations: readonly Operation[];
  readonly lapses: readonly string[];
  readonly seconds: number;
  readonly cut: boolean;
  /** How long the machine let this process wait at most: far beyond some 100 ms it was too busy to judge by. */
  readonly delayMsMax: number;
  /** Why the Runner did not close in order; null when it did. */
  readonly closing: string | null;
}

export interface CampaignOptions {
  readonly line: Line;
  readonly wanted: Wanted;
  readonly seed: number;
  readonly interrupt: AbortSignal;
  readonly say: (progress: string) => void;
}

/** Load, switches and kills until the goals are reached; then everything is let finish and the Runner is closed. */
export async function runCampaign({ line, wanted, seed, interrupt, say }: CampaignOptions): Promise<Course> {
  const { runner, store, place } = line;
  const draws = new Draws(seed);
  const goals = new Goals(wanted);
  const calls = new CallersLedger();
  const kills: Kill[] = [];
  const operations: Operation[] = [];
  const lapses: string[] = [];
  const onLapse = (what: string): void => void (lapses.length < LAPSES_KEPT && lapses.push(what));
  const stopOperators = new AbortController();
  const stopLoad = new AbortController();
  const { signal } = stopOperators;
  const pids = ALGORITHMS.flatMap((algorithm) => algorithm.pids);
  const isSlow = (release: string): boolean => releaseNamed(release)?.ill === 'slow';

  const callers = pids.flatMap((pid) =>
    Array.from({ length: CALLERS_PER_PID }, () =>
      runCaller({ runner, ledger: calls, pid, draws: draws.fork(), signal: stopLoad.signal, onLapse, isSlow }),
    ),
  );
  const operated = wanted.switches === 0 ? [] : ALGORITHMS;
  const operators = operated.map((algorithm) =>
    runOperator({
      api: runner,
      store,
      algorithm,
      draws: draws.fork(),
      signal,
      onOperation(operation) {
        operations.push(operation);
        if (operation.kind === 'switch' && operation.committedMs !== null) goals.switches += 1;
      },
      wasKilledSince: (release, sinceMs) => kills.some((kill) => kill.release === release && kill.atMs >= sinceMs),
    }),
  );
  const killer = runKiller({
    ledger: place.ledger,
    cookie: `${store}/`,
    draws: draws.fork(),
    signal,
    due: () => goals.nextKill(signal),
    onKill(kill) {
      kills.push(kill);
      goals.kills += 1;
    },
  });
  const watch = watchRoutes({ runner, store, pids, signal: stopLoad.signal, onLapse });
  const delay = monitorEventLoopDelay();
  delay.enable();
  const saying = setInterval(() => say(progressOf(goals, calls)), SAY_EVERY_MS);

  const parts = [...callers, ...operators, killer, watch];
  await goals.reached(AbortSignal.any([interrupt, broken(parts)]));
  const { isCut: cut, elapsedMs } = goals;
  clearInterval(saying);
  delay.disable();
  // The load goes on until the last operation is over: a release nobody calls proves itself.
  stopOperators.abort();
  await settled([...operators, killer]);
  stopLoad.abort();
  await settled([...callers, watch]);
  say(progressOf(goals, calls));
  const closing = await close(line);
  // What failed is told only when nothing of the campaign runs any more.
  await Promise.race([Promise.all(parts), pause(0)]);
  const facts = { seconds: elapsedMs / 1000, cut, delayMsMax: Math.round(delay.max / 1e6), closing };
  return { calls, kills, operations, lapses, ...facts };
}

/** Until they are over, however that is, but not for ever. */
const settled = (parts: readonly Promise<void>[]): Promise<unknown> =>
  Promise.race([Promise.allSettled(parts), pause(FINISH_MS, undefined, { ref: false })]);

/** Aborted when one of them fails: a campaign whose parts break proves nothing. The failure itself comes out later. */
function broken(parts: readonly Promise<void>[]): AbortSignal {
  const breaking = new AbortController();
  for (const part of parts) part.catch(() => breaking.abort());
  return breaking.signal;
}

async function close({ runner }: Line): Promise<string | null> {
  const closing = runner.close().then(
    () => null,
    (error: unknown) => `it failed to close: ${String(error)}`,
  );
  const late = pause(CLOSE_MS, `it did not close within ${CLOSE_MS / 1000} s`, { ref: false });
  return Promise.race([closing, late]);
}

const progressOf = ({ wanted, switches, kills, elapsedMs }: Goals, { entries }: CallersLedger): string =>
  `${Math.round(elapsedMs / 1000)} s: ${entries.length} calls, ` +
  `${switches} of ${wanted.switches} switches, ${kills} of ${wanted.kills} kills`;
