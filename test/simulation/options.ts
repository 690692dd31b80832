import { parseArgs } from 'node:util';

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
  readonly help: boolean;
}

export const USAGE = `npm run simulate -- [options]

  --seeds N          days to live through, one per seed (100)
  --from S           the first seed (1)
  --budget SECONDS   begin no further day after so long
  --shrink           make each failing day as short as it still fails
  --trace-out FILE   write the trace of the first failing day (of the only one, if --seeds is 1)
  --json             the summary as one JSON object

It ends with 0 when every day was sound, with 1 when one was not, with 2 when it was called wrongly.`;

/** @throws Error in words for a person */
export function readOptions(args: readonly string[]): CampaignOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      budget: { type: 'string' },
      shrink: { type: 'boolean', default: false },
      'trace-out': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    seeds: wholeNumber('--seeds', values.seeds),
    from: wholeNumber('--from', values.from),
    budgetMs: values.budget === undefined ? null : 1000 * wholeNumber('--budget', values.budget),
    shrink: values.shrink,
    traceOut: values['trace-out'] ?? null,
    json: values.json,
    help: values.help,
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${name} wants a whole number, not ${JSON.stringify(text)}`);
}
