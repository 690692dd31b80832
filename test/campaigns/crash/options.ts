import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions, UsageError, wholeNumber } from '../../support/program.js';
import { parsePoint } from './points/point.js';
import type { Point } from './points/point.js';

export interface CrashOptions {
  readonly points: number;
  readonly seed: number;
  readonly json: boolean;
  readonly duringRecovery: boolean;
  /** No new point is begun after so many seconds; null: no limit. */
  readonly budgetSeconds: number | null;
  /** Names of operations; empty: all. */
  readonly operations: readonly string[];
  /** These points instead of drawn ones. */
  readonly only: readonly Point[];
  readonly workers: number;
  /** Folder for copies of the stores of points that found something; made when there is one. */
  readonly keep: string;
}

export const USAGE = `usage: npm run crash -- [--points <n>] [--seed <n>] [--json] [--during-recovery] [--budget-s <s>]
                        [--operations <name,…>] [--only <point>]... [--workers <n>] [--keep <folder>]

  --points <n>       kills; 100
  --seed <n>         draws the same points again; the time by default
  --json             one JSON object on stdout instead of the summary
  --during-recovery  kill the next Runner too, while it recovers
  --budget-s <s>     begin no new point after so many seconds
  --operations <…>   only these: install, install_heavy, activate, deactivate, switch, rollback, confirm,
                     uninstall, uninstall_forced, prune, close
  --only <point>     a point as a finding names it, instead of drawn ones: switch:rename/active/1/after
  --workers <n>      Runners at a time, each on a store of its own; 2
  --keep <folder>    where stores of findings are kept, traces and logs included; in the temporary folder by default

Exit code 0: nothing found; 1: something was, or an operation does not even work undisturbed; 64: wrong usage; 130: interrupted.
`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): CrashOptions {
  const values = parseOptions(args, {
    points: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
    'during-recovery': { type: 'boolean' },
    'budget-s': { type: 'string' },
    operations: { type: 'string' },
    only: { type: 'string', multiple: true },
    workers: { type: 'string' },
    keep: { type: 'string' },
  });
  return {
    points: wholeNumber('points', values.points, 100),
    seed: wholeNumber('seed', values.seed, Date.now() % 1_000_000),
    json: values.json ?? false,
    duringRecovery: values['during-recovery'] ?? false,
    budgetSeconds: wholeNumber('budget-s', values['budget-s'], null),
    operations: values.operations?.split(',').filter((name) => name !== '') ?? [],
    only: (values.only ?? []).map(pointOf),
    workers: wholeNumber('workers', values.workers, 2, 1),
    keep: values.keep ?? join(tmpdir(), 'procvision-crash-findings'),
  };
}

function pointOf(text: string): Point {
  const point = parsePoint(text);
  if (point === null) throw new UsageError(`--only ${text} is not a point`);
  return point;
}
