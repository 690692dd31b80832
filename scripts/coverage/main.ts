/**
 * Which transitions of the machines are taken, and by what: `npm run coverage:transitions -- [--trace file] [--exploration
 * file] [--json]`. Always by the tests of the machines (examples and random histories) and by the recorded histories of
 * test/replay/recorded; by a site's trace, and by an exploration (`npm run verify -- --json > file`), where they are given.
 */
import { MACHINES } from '../../machines/index.js';
import { Coverage } from '../../src/testing/index.js';
import { parseOptions, runProgram } from '../../test/support/program.js';
import { print } from './print.js';
import { countsOfExploration, countsOfTests, countsOfTraces, historyFiles } from './sources.js';
import type { Counts } from './sources.js';

const USAGE = `usage: npm run coverage:transitions -- [--trace <file>]... [--exploration <file>] [--json]

  --trace <file>        a trace of a site, too; may be repeated
  --exploration <file>  an exploration, too: npm run verify -- --json > file
  --json                one JSON object on stdout instead of the table

Exit code 0: printed; 1: a file cannot be read; 64: wrong usage.
`;

await runProgram(USAGE, async (args) => {
  const { json, trace, exploration } = parseOptions(args, {
    json: { type: 'boolean' },
    trace: { type: 'string', multiple: true },
    exploration: { type: 'string' },
  });
  const sources = new Map<string, Counts>([
    ['tests', await countsOfTests()],
    ['histories', await countsOfTraces(historyFiles())],
    ...(exploration === undefined ? [] : ([['exploration', await countsOfExploration(exploration)]] as const)),
    ...(trace === undefined ? [] : ([['trace', await countsOfTraces(trace)]] as const)),
  ]);
  const transitions = new Coverage(MACHINES).all.map((name) => ({
    name,
    ...Object.fromEntries([...sources].map(([source, counts]) => [source, counts[name] ?? 0])),
  }));
  if (json === true) process.stdout.write(`${JSON.stringify({ transitions }, null, 2)}\n`);
  else print(transitions, [...sources.keys()]);
  return 0;
});
