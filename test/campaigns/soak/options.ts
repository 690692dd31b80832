import { parseOptions, UsageError, wholeNumber } from '../../support/program.js';

export interface SoakOptions {
  /** Committed switches at least. */
  readonly switches: number;
  /** Seconds of load at least. */
  readonly seconds: number;
  readonly kills: number;
  readonly seed: number;
  readonly json: boolean;
  /** What the campaign plants in its own ledgers to show that it would be found. */
  readonly plant: readonly Plant[];
}

export const PLANTS = ['double_reply', 'lost_call', 'leaked_segment', 'orphan'] as const;
export type Plant = (typeof PLANTS)[number];

export const USAGE = `usage: npm run soak -- [--switches <n>] [--seconds <s>] [--kills <k>] [--seed <x>] [--json] [--plant <what>]...

  --switches <n>  committed switches at least; 100. 0: nobody switches
  --seconds <s>   seconds of load at least; 0
  --kills <k>     algorithms killed with SIGKILL; a tenth of the switches
  --seed <x>      what chance begins with; drawn and printed when left out
  --json          one JSON object on stdout instead of lines
  --plant <what>  canary, falsified by the campaign itself, which has to find it: ${PLANTS.join(', ')}

It ends when all of these are reached. Exit code 0: nothing found; 1: see "failures"; 64: wrong usage; 130: interrupted.
`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): SoakOptions {
  const values = parseOptions(args, {
    switches: { type: 'string' },
    seconds: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
    plant: { type: 'string', multiple: true },
  });
  const switches = wholeNumber('switches', values.switches, 100);
  return {
    switches,
    seconds: wholeNumber('seconds', values.seconds, 0),
    kills: wholeNumber('kills', values.kills, Math.ceil(switches / 10)),
    seed: wholeNumber('seed', values.seed, Math.floor(Math.random() * 2 ** 31)),
    json: values.json ?? false,
    plant: (values.plant ?? []).map((name) => {
      const plant = PLANTS.find((known) => known === name);
      if (plant === undefined) throw new UsageError(`there is nothing to plant called ${JSON.stringify(name)}`);
      return plant;
    }),
  };
}
