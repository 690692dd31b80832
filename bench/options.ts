import { parseArgs } from 'node:util';
import { EXPERIMENTS } from './experiments/index.js';
import { NODE_FLAGS } from './experiments/workbench.js';

export interface BenchOptions {
  readonly as: 'table' | 'json' | 'markdown';
  readonly quick: boolean;
  readonly rounds: number | null;
  /** Names of experiments or of single lines; all of them when empty. */
  readonly only: readonly string[];
  readonly nodeFlags: readonly string[];
}

export const USAGE = `usage: npm run bench -- [--json | --markdown] [--quick] [--rounds <n>] [--only <name>]... [--node-flags="<flags>"]

  --json         one JSON object on stdout instead of the table
  --markdown     the table of docs/performance.md
  --quick        fewer and shorter rounds, a few minutes; not what the goals are judged by
  --rounds <n>   rounds of every experiment
  --only <name>  an experiment or a single line; may be repeated:
${EXPERIMENTS.map(({ name, lines }) => `                 ${name}: ${lines.map((line) => line.name).join(', ')}`).join('\n')}
  --node-flags=  flags for the Node processes of both sides, for instance "--max-semi-space-size=64"
`;

export class UsageError extends Error {}

/** @throws UsageError */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args);
  const rounds = values.rounds === undefined ? null : Number(values.rounds);
  if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0))
    throw new UsageError(`--rounds ${values.rounds} is not a number of rounds`);
  const only = values.only ?? [];
  const names = new Set(EXPERIMENTS.flatMap(({ name, lines }) => [name, ...lines.map((line) => line.name)]));
  const unknown = only.find((name) => !names.has(name));
  if (unknown !== undefined) throw new UsageError(`there is no experiment or line ${JSON.stringify(unknown)}`);
  return {
    as: values.json === true ? 'json' : values.markdown === true ? 'markdown' : 'table',
    quick: values.quick ?? false,
    rounds,
    only,
    nodeFlags: values['node-flags']?.split(' ').filter((flag) => flag !== '') ?? NODE_FLAGS,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        markdown: { type: 'boolean' },
        quick: { type: 'boolean' },
        rounds: { type: 'string' },
        only: { type: 'string', multiple: true },
        'node-flags': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
