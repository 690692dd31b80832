import { parseOptions, UsageError, wholeNumber } from '../test/support/program.js';
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

Exit code 0, whatever the goals; 1: an experiment broke; 64: wrong usage; 130: interrupted.
`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): BenchOptions {
  const values = parseOptions(args, {
    json: { type: 'boolean' },
    markdown: { type: 'boolean' },
    quick: { type: 'boolean' },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
    'node-flags': { type: 'string' },
  });
  const rounds = wholeNumber('rounds', values.rounds, null, 1);
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
