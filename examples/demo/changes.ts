import { basename } from 'node:path';
import type { ChangeReport, ChangeStep, Detection, Runner } from '../../src/index.js';

/** One product inspected while the PIDs move. */
export interface Inspection {
  readonly image: string;
  readonly pid: string;
  readonly release: string;
  /** OK, NG, none or ERROR: the call did not work. */
  readonly verdict: string;
}

/** A switch, as the table and `--json` show it. */
export interface ShownChange {
  readonly kind: string;
  readonly pids: readonly string[];
  readonly to: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly timeline: readonly { readonly stage: string; readonly pid: string | null; readonly at_ms: number }[];
  readonly calls: { readonly old: number; readonly new: number };
  readonly errors: number;
  readonly downtime_ms: number;
}

export interface ChangesResult {
  readonly inspections: readonly Inspection[];
  readonly switched: ShownChange;
  readonly rolledBack: ShownChange;
}

/** An image of each of the two PIDs. */
export interface Pictures {
  readonly A01: string;
  readonly A02: string;
}

/** Long enough for the slowest machine: what ends this probation is told, not waited for. */
const PROBATION = { durationMs: 600_000, errorsMax: 1 };

/**
 * Moves both PIDs to a release that fails on one of them. A01 proves itself and is confirmed, A02 returns by itself once
 * its budget is spent; then A01 is rolled back by hand, at once, for the release before is still warm.
 */
export async function switchAndReturn(runner: Runner, release: string, pictures: Pictures): Promise<ChangesResult> {
  const inspections: Inspection[] = [];
  const inspect = async (pid: keyof Pictures): Promise<void> => {
    const image = pictures[pid];
    inspections.push(inspectionOf(image, await runner.detect({ pid, image })));
  };

  let switched: Promise<ChangeReport> | undefined;
  await new Promise<void>((committed, failed) => {
    const onProgress = ({ stage }: ChangeStep): void => void (stage === 'Committed' && committed());
    switched = runner.switch(['A01', 'A02'], release, { probation: PROBATION, until: 'confirmed', onProgress });
    switched.catch(failed);
  });
  await inspect('A01');
  // The second failure is one more than allowed; the third product finds A02 back, or on its way.
  for (let failures = 0; failures <= PROBATION.errorsMax; failures += 1) await inspect('A02');
  await runner.confirm(['A01']);
  const report = (await switched) as ChangeReport;
  await inspect('A02');

  const rolledBack = await runner.rollback('A01', { until: 'confirmed' });
  await inspect('A01');
  return { inspections, switched: shown(report), rolledBack: shown(rolledBack) };
}

const inspectionOf = (image: string, { pid, release, status, verdict }: Detection): Inspection => ({
  image: basename(image),
  pid,
  release,
  verdict: status === 'ERROR' ? 'ERROR' : (verdict ?? 'none'),
});

const shown = ({
  kind,
  pids,
  to,
  outcome,
  reason,
  timeline,
  calls,
  errors,
  downtimeMs,
}: ChangeReport): ShownChange => ({
  ...{ kind, pids, to, outcome, reason: reason?.message ?? null, calls, errors },
  timeline: timeline.map(({ stage, pid, atMs }) => ({ stage, pid, at_ms: toMicroseconds(atMs) })),
  downtime_ms: toMicroseconds(downtimeMs),
});

const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
