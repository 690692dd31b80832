/**
 * Which transitions of the machines are taken, and by what: `npm run coverage:transitions -- [--trace file] [--exploration
 * file] [--json]`. Always by the tests of the machines (examples and random histories) and by the recorded histories of
 * test/replays; by a site's trace, and by an exploration (`npm run verify -- --json > file`), where they are given.
 */
import { parseArgs } from 'node:util';
import { MACHINES } from '../../machines/index.js';
import { Coverage } from '../../src/index.js';
import { print } from './print.js';
import { countsOfExploration, countsOfTests, countsOfTraces, historyFiles } from './sources.js';
import type { Counts } from './sources.js';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, trace: { type: 'string', multiple: true }, exploration: { type: 'string' } },
});

const sources = new Map<string, Counts>([
  ['tests', await countsOfTests()],
  ['histories', await countsOfTraces(historyFiles())],
  ...(values.exploration === undefined
    ? []
    : ([['exploration', await countsOfExploration(values.exploration)]] as const)),
  ...(values.trace === undefined ? [] : ([['trace', await countsOfTraces(values.trace)]] as const)),
]);
const transitions = new Coverage(MACHINES).all.map((name) => ({
  name,
  ...Object.fromEntries([...sources].map(([source, counts]) => [source, counts[name] ?? 0])),
}));

if (values.json === true) process.stdout.write(`${JSON.stringify({ transitions }, null, 2)}\n`);
else print(transitions, [...sources.keys()]);
