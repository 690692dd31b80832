import { pairOf, pointText } from './points/point.js';
import { hasFound } from './trial.js';
import type { Trial } from './trial.js';

/**
 * @property again what to give to `npm run crash` to see it once more
 * @property kept a copy of the store as it was at the end of it, traces and logs of all its Runners included
 */
export interface Finding {
  readonly point: string;
  readonly number: number;
  readonly path: string;
  readonly acknowledged: boolean;
  readonly problems: readonly string[];
  readonly orphans: readonly string[];
  readonly segments_leaked: number;
  readonly again: string;
  readonly kept: string | null;
}

interface OfOperation {
  points: number;
  distinct: number;
  acknowledged: number;
  inconsistent: number;
}

/**
 * What the campaign ends with.
 *
 * @property points kills that hit what they were meant for
 * @property distinct different (operation, call, class of file) among them
 * @property segments_reclaimed images the dead had left in shared memory, of which the next Runner left none
 * @property missed points the operation ended before; another one was drawn for each
 */
export interface CrashReport {
  readonly points: number;
  readonly distinct: number;
  readonly inconsistent: number;
  readonly orphans: number;
  readonly segments_leaked: number;
  readonly segments_reclaimed: number;
  readonly acknowledged: number;
  readonly missed: number;
  readonly recovery: { readonly killed: number; readonly distinct: number };
  readonly seed: number;
  readonly seconds: number;
  readonly operations: Readonly<Record<string, OfOperation>>;
  readonly findings: readonly Finding[];
}

/** Sums up trials as they come. */
export class Tally {
  readonly #seed: number;
  readonly #startedMs = performance.now();
  readonly #pairs = new Set<string>();
  readonly #recoveryPairs = new Set<string>();
  readonly #operations = new Map<string, OfOperation>();
  readonly #findings: Finding[] = [];
  #points = 0;
  #missed = 0;
  #inconsistent = 0;
  #orphans = 0;
  #segmentsLeaked = 0;
  #segmentsReclaimed = 0;
  #recoveryKilled = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get points(): number {
    return this.#points;
  }

  get missed(): number {
    return this.#missed;
  }

  /** @param kept see Finding @returns what it found, if anything */
  add(trial: Trial, kept: string | null): Finding | null {
    const { point, killed, recoveryKilled, orphans, segmentsLeft, segmentsLeaked, problems } = trial;
    const finding = hasFound(trial) ? findingOf(trial, kept) : null;
    if (finding !== null) this.#findings.push(finding);
    if (problems.length > 0) this.#inconsistent += 1;
    this.#orphans += orphans.length;
    this.#segmentsLeaked += segmentsLeaked;
    if (killed !== null) this.#segmentsReclaimed += Math.max(0, segmentsLeft - segmentsLeaked);
    if (killed === null) this.#missed += 1;
    else this.#count(trial, `${point.operation} ${pairOf(killed.point)}`);
    if (recoveryKilled !== null) {
      this.#recoveryKilled += 1;
      this.#recoveryPairs.add(`${point.operation} ${pairOf(recoveryKilled.point)}`);
    }
    return finding;
  }

  report(): CrashReport {
    const operations = [...this.#operations];
    return {
      points: this.#points,
      distinct: this.#pairs.size,
      inconsistent: this.#inconsistent,
      orphans: this.#orphans,
      segments_leaked: this.#segmentsLeaked,
      segments_reclaimed: this.#segmentsReclaimed,
      acknowledged: operations.reduce((sum, [, { acknowledged }]) => sum + acknowledged, 0),
      missed: this.#missed,
      recovery: { killed: this.#recoveryKilled, distinct: this.#recoveryPairs.size },
      seed: this.#seed,
      seconds: Math.round((performance.now() - this.#startedMs) / 1000),
      operations: Object.fromEntries(operations.sort(([a], [b]) => a.localeCompare(b))),
      findings: this.#findings,
    };
  }

  #count({ point, acknowledged, problems }: Trial, pair: string): void {
    const known = this.#operations.get(point.operation) ?? { points: 0, distinct: 0, acknowledged: 0, inconsistent: 0 };
    this.#operations.set(point.operation, known);
    this.#points += 1;
    known.points += 1;
    if (!this.#pairs.has(pair)) known.distinct += 1;
    this.#pairs.add(pair);
    if (acknowledged) known.acknowledged += 1;
    if (problems.length > 0) known.inconsistent += 1;
  }
}

const COMMAND_SHOWN = 200;

function findingOf(trial: Trial, kept: string | null): Finding {
  const { point, killed, acknowledged, problems, orphans, segmentsLeaked } = trial;
  const text = pointText(point);
  return {
    point: text,
    number: killed?.number ?? 0,
    path: killed?.path ?? '',
    acknowledged,
    problems,
    orphans: orphans.map((command) => command.slice(0, COMMAND_SHOWN)),
    segments_leaked: segmentsLeaked,
    again: `--only ${text}`,
    kept,
  };
}

/** Whether the campaign has proven what it set out to prove. */
export const isClean = ({ inconsistent, orphans, segments_leaked }: CrashReport): boolean =>
  inconsistent === 0 && orphans === 0 && segments_leaked === 0;

/** For people. */
export function summary(report: CrashReport): string {
  const { points, distinct, inconsistent, orphans, segments_leaked: segments, missed, seconds, seed } = report;
  const lines = Object.entries(report.operations).map(
    ([name, { points: of, distinct: kinds, inconsistent: bad }]) =>
      `  ${name.padEnd(18)} ${String(of).padStart(5)} points ${String(kinds).padStart(4)} distinct ${String(bad).padStart(4)} inconsistent`,
  );
  const findings = report.findings.map(({ point, problems, orphans: left, kept }) =>
    [`  ${point}`, ...problems, ...left.map((command) => `orphan: ${command}`), `kept in ${kept}`].join('\n    '),
  );
  return [
    `${points} points (${distinct} distinct, seed ${seed}) in ${seconds} s: ${inconsistent} inconsistent, ${orphans} orphans, ${segments} segments leaked, ${missed} missed`,
    ...lines,
    ...findings,
  ].join('\n');
}
