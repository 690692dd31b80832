import { whyInRun } from '../../causes/index.js';
import type { WhyOptions, WhyReport } from '../../causes/index.js';
import { runLife } from '../../runner/status/run-life.js';
import type { RunLife } from '../../runner/status/run-life.js';
import { storeLayout } from '../../store/index.js';
import { listTraceFiles, runsOf } from '../../trace/index.js';
import { openTrace } from './find-trace.js';

/** Where an actor stood, and what became of its Runner. */
export interface WhyStand extends Pick<WhyReport, 'state' | 'sinceMs' | 'hasEnded'> {
  readonly life: RunLife;
}

/**
 * @property run the earlier run that explains it; null: the one that was asked
 * @property now where the actor is in the present run, where an earlier one explains it
 */
export interface Why extends WhyReport {
  readonly run: string | null;
  readonly life: RunLife;
  readonly now: Omit<WhyStand, 'hasEnded'> | null;
}

export interface WhyQuestion extends WhyOptions {
  /** Told when older runs were left out: how many found it like this, how many were not looked at. */
  readonly onUnread?: (looked: number, unread: number) => void;
}

/** So many runs before the last one are asked, as long as it takes no longer than so. */
const EARLIER_RUNS_MAX = 100;
const EARLIER_MS_MAX = 5_000;

/**
 * Why an actor is where it is. Where the newest run only says that it was found like this, earlier runs are asked.
 *
 * @param trace a run, a file or `latest`; the newest run when left out
 * @throws RunnerError release_not_found; invalid_usage, naming the actors there are
 */
export async function whyInStore(
  store: string,
  actor: string,
  trace: string | undefined,
  { onUnread, ...options }: WhyQuestion = {},
): Promise<Why> {
  const found = await openTrace(trace, store);
  const report = await whyInRun(found.files, actor, options);
  const life = await runLife(store, found.files);
  const own = { ...report, run: null, life, now: null };
  // What a Runner went through is its own: an earlier one says nothing of it.
  if (trace !== undefined || report.machine === 'runner' || !isAsFound(report)) return own;
  const runs = [...runsOf(await listTraceFiles(storeLayout(store).traces))].reverse();
  const earlierRuns = runs.slice(runs.findIndex(([, files]) => files.at(-1) === found.files.at(-1)) + 1);
  const deadlineMs = performance.now() + EARLIER_MS_MAX;
  for (const [i, [run, files]] of earlierRuns.entries()) {
    if (i === EARLIER_RUNS_MAX || performance.now() > deadlineMs) {
      onUnread?.(i, earlierRuns.length - i);
      return own;
    }
    const earlier = await whyInRun(files, report.actor, options).catch(() => null);
    if (earlier === null || isAsFound(earlier)) continue;
    const { state, sinceMs } = report;
    const now = report.hasEnded ? null : { state, sinceMs, life };
    return { ...earlier, run, life: await runLife(store, files), now };
  }
  return own;
}

/** The run has nothing to say but where the store had it. */
const isAsFound = ({ links }: WhyReport): boolean =>
  links.every(({ record }) => record.event === 'xstate.init' || record.machine === 'runner');
