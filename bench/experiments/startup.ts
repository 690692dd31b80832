import { fileURLToPath } from 'node:url';
import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import type { Experiment } from './experiment.js';
import { roundsOf, sideOf } from './workbench.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

const startOf = (option: 'version' | 'help'): LineSpec => ({
  name: `startup-${option}`,
  title: `\`procvision --${option}\`, from its start to its end`,
  floorTitle: '`node -e 0`',
  unit: 'ms',
  goal: { judged: 'ratio', bound: 'at most', limit: 2.5 },
});
const VERSION = startOf('version');
const HELP = startOf('help');

/** What a command line costs before it does anything. */
export const startup: Experiment = {
  name: 'startup',
  lines: [VERSION, HELP],
  isRoundTrip: false,
  prepare(bench) {
    const specs = [
      [MAIN, '--version'],
      [MAIN, '--help'],
      ['-e', '0'],
    ].map((words) => sideOf(bench, 'floors/run-node', { words }));
    return Promise.resolve(() =>
      withSides(specs, async (sides) => {
        const size = bench.quick ? 2 : 5;
        const [version, help, floor] = await alternate(sides, { rounds: roundsOf(bench, 15, 5), size, warmUp: size });
        return new Map([
          [VERSION.name, measured(VERSION, column(version, 'start'), column(floor, 'start'))],
          [HELP.name, measured(HELP, column(help, 'start'), column(floor, 'start'))],
        ]);
      }),
    );
  },
};
