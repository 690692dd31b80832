import { parseOptions, UsageError, wholeNumber } from '../../support/program.js';
import { MACHINES } from '../../../machines/index.js';

export interface MutationOptions {
  readonly json: boolean;
  /** Begin no further mutant after so long; null: all of them. */
  readonly budgetMs: number | null;
  /** Only mutants of this machine; null: of every one. */
  readonly only: string | null;
  /** So many, drawn by the seed; null: all of them. */
  readonly limit: number | null;
  readonly seed: number;
  readonly histories: number;
  readonly workers: number;
}

export const USAGE = `npm run mutate -- [options]

  --only MACHINE     mutants of this machine only
  --limit N          so many mutants, drawn by chance
  --seed S           what chance begins with (1)
  --budget SECONDS   begin no further mutant after so long
  --histories N      random histories to choose from: a mutant lives through those that come by its place (700)
  --workers N        threads (2)
  --json             the summary as one JSON object

It ends with 0 when 90 % are caught and every survivor has its reason, with 1 when not, with 64 when it was called wrongly.`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): MutationOptions {
  const values = parseOptions(args, {
    only: { type: 'string' },
    limit: { type: 'string' },
    seed: { type: 'string' },
    budget: { type: 'string' },
    histories: { type: 'string' },
    workers: { type: 'string' },
    json: { type: 'boolean' },
  });
  const names = MACHINES.map(({ id }) => id);
  if (values.only !== undefined && !names.includes(values.only))
    throw new UsageError(`--only wants one of ${names.join(', ')}, not ${JSON.stringify(values.only)}`);
  const seconds = wholeNumber('budget', values.budget, null);
  return {
    json: values.json ?? false,
    budgetMs: seconds === null ? null : 1000 * seconds,
    only: values.only ?? null,
    limit: wholeNumber('limit', values.limit, null),
    seed: wholeNumber('seed', values.seed, 1),
    histories: wholeNumber('histories', values.histories, 700),
    workers: wholeNumber('workers', values.workers, 2, 1),
  };
}
