import { parseArgs } from 'node:util';
import { MACHINES } from '../../machines/index.js';

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
  readonly help: boolean;
}

export const USAGE = `npm run mutate -- [options]

  --only MACHINE     mutants of this machine only
  --limit N          so many mutants, drawn by chance
  --seed S           what chance begins with (1)
  --budget SECONDS   begin no further mutant after so long
  --histories N      random histories to choose from: a mutant lives through those that come by its place (700)
  --workers N        threads (2)
  --json             the summary as one JSON object

It ends with 0 when 90 % are caught and every survivor has its reason, with 1 when not, with 2 when it was called wrongly.`;

/** @throws Error in words for a person */
export function readOptions(args: readonly string[]): MutationOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      limit: { type: 'string' },
      seed: { type: 'string', default: '1' },
      budget: { type: 'string' },
      histories: { type: 'string', default: '700' },
      workers: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const names = MACHINES.map(({ id }) => id);
  if (values.only !== undefined && !names.includes(values.only))
    throw new Error(`--only wants one of ${names.join(', ')}, not ${JSON.stringify(values.only)}`);
  return {
    json: values.json,
    budgetMs: values.budget === undefined ? null : 1000 * wholeNumber('--budget', values.budget),
    only: values.only ?? null,
    limit: values.limit === undefined ? null : wholeNumber('--limit', values.limit),
    seed: wholeNumber('--seed', values.seed),
    histories: wholeNumber('--histories', values.histories),
    workers: Math.max(1, wholeNumber('--workers', values.workers)),
    help: values.help,
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (text !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${name} wants a whole number, not ${JSON.stringify(text)}`);
}
