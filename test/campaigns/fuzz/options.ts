import { parseOptions, UsageError, wholeNumber } from '../../support/program.js';

export const TARGETS = ['zips', 'manifests', 'wheels', 'frames', 'images', 'stores'] as const;
export type TargetName = (typeof TARGETS)[number];
export const PLANTS = ['crash', 'hang', 'residue'] as const;
export type Plant = (typeof PLANTS)[number];

export interface FuzzOptions {
  /** Of all targets together. */
  readonly seconds: number;
  /** That of the first case; each further one counts on from it. */
  readonly seed: number;
  /** At most so many cases of each target; null: as many as there is time for. */
  readonly cases: number | null;
  readonly only: readonly TargetName[];
  readonly json: boolean;
  /** A fault of each sort that the campaign plants in itself, and has to find. */
  readonly plant: readonly Plant[];
}

export const USAGE = `usage: npm run fuzz -- [--seconds <s>] [--seed <x>] [--cases <n>] [--only <target>]... [--json] [--plant <what>]...

  --seconds <s>    of all targets together; 60
  --seed <x>       that of the first case, counted on from there; drawn and printed when left out
  --cases <n>      at most so many of each target
  --only <target>  ${TARGETS.join(', ')}
  --json           one JSON object on stdout instead of lines
  --plant <what>   canary, planted by the campaign itself, which has to find it: ${PLANTS.join(', ')}

Exit code 0: nothing found; 1: see "findings", each with the command that tries its case again; 64: wrong usage; 130: interrupted.
`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): FuzzOptions {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const values = parseOptions(args, {
    ...{ seconds: text, seed: text, cases: text },
    ...{ only: texts, plant: texts, json: { type: 'boolean' } as const },
  });
  return {
    seconds: wholeNumber('seconds', values.seconds, 60),
    seed: wholeNumber('seed', values.seed, Math.floor(Math.random() * 2 ** 31)),
    cases: wholeNumber('cases', values.cases, null),
    only: values.only === undefined ? TARGETS : values.only.map((name) => known('target', name, TARGETS)),
    json: values.json ?? false,
    plant: (values.plant ?? []).map((name) => known('plant', name, PLANTS)),
  };
}

function known<T extends string>(what: string, name: string, names: readonly T[]): T {
  const found = names.find((one) => one === name);
  if (found === undefined) throw new UsageError(`there is no ${what} called ${JSON.stringify(name)}`);
  return found;
}
