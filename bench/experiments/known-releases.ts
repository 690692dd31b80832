import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import type { Experiment } from './experiment.js';
import { prepareStores } from './stores-by-size.js';
import { roundsOf, sideOf } from './workbench.js';

const lineOf = (count: number): LineSpec & { readonly count: number } => ({
  count,
  name: `call-known-${count}`,
  title: `call with ${count} releases known, median`,
  floorTitle: 'with 1 release',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit: 1.3 },
});

const LINES = [lineOf(10), lineOf(100), lineOf(1000)];

/** The same release is called in stores that know more and more others, all of them deployed, none running. */
export const knownReleases: Experiment = {
  name: 'known-releases',
  lines: LINES,
  isRoundTrip: true,
  async prepare(bench) {
    const counts = LINES.map(({ count }) => count);
    const stores = await prepareStores(bench, 'known', counts);
    return (pinned) =>
      withSides(
        stores.map((prepared) => sideOf(bench, 'sides/runner-calls', { prepared, trace: true }, pinned)),
        async (sides) => {
          const schedule = {
            rounds: roundsOf(bench, 20, 6),
            size: bench.quick ? 500 : 1500,
            warmUp: bench.quick ? 3000 : 8000,
          };
          const [one, ...more] = await alternate(sides, schedule);
          const floor = column(one, 'p50');
          return new Map(LINES.map((line, i) => [line.name, measured(line, column(more[i], 'p50'), floor)]));
        },
      );
  },
};
