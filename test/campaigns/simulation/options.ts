import { parseOptions, wholeNumber } from '../../support/program.js';

export interface CampaignOptions {
  readonly from: number;
  readonly seeds: number;
  readonly json: boolean;
  /** Begin no further seed after so long; null: all of them. */
  readonly budgetMs: number | null;
  /** Make a failing day as short as it still fails. */
  readonly shrink: boolean;
  /** Where the trace of the first failing day goes; null: nowhere. */
  readonly traceOut: string | null;
}

export const USAGE = `npm run simulate -- [options]

  --seeds N          days to live through, one per seed (100)
  --from S           the first seed (1)
  --budget SECONDS   begin no further day after so long
  --shrink           make each failing day as short as it still fails
  --trace-out FILE   write the trace of the first failing day (of the only one, if --seeds is 1)
  --json             the summary as one JSON object

It ends with 0 when every day was sound, with 1 when one was not, with 64 when it was called wrongly.`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): CampaignOptions {
  const values = parseOptions(args, {
    seeds: { type: 'string' },
    from: { type: 'string' },
    budget: { type: 'string' },
    shrink: { type: 'boolean' },
    'trace-out': { type: 'string' },
    json: { type: 'boolean' },
  });
  const seconds = wholeNumber('budget', values.budget, null);
  return {
    seeds: wholeNumber('seeds', values.seeds, 100),
    from: wholeNumber('from', values.from, 1),
    budgetMs: seconds === null ? null : 1000 * seconds,
    shrink: values.shrink ?? false,
    traceOut: values['trace-out'] ?? null,
    json: values.json ?? false,
  };
}
