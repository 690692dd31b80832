import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { addClones } from '../packages/clones.js';
import { copyPrepared, prepareStore } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';
import type { Workbench } from './workbench.js';

const lineOf = (count: number): LineSpec & { readonly count: number } => ({
  count,
  name: `call-known-${count}`,
  title: `call with ${count} releases known, median`,
  floorTitle: 'with 1 release',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit: 1.3 },
});

const LINES = [lineOf(10), lineOf(100), lineOf(1000)];

const OPEN: LineSpec = {
  name: 'open-known-1000',
  title: 'open a store with 1000 releases deployed',
  floorTitle: 'with 1 release',
  unit: 'ms',
  goal: null,
};

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

/** What a start of the Runner costs with many releases; there is no goal for it. */
export const openStore: Experiment = {
  name: 'open',
  lines: [OPEN],
  isRoundTrip: false,
  async prepare(bench) {
    const [alone, many] = await prepareStores(bench, 'open', [1000]);
    const specs = [
      sideOf(bench, 'sides/runner-open', { ...many, releases: 1000 }),
      sideOf(bench, 'sides/runner-open', { ...alone, releases: 1 }),
    ];
    return () =>
      withSides(specs, async (sides) => {
        const [ours, floor] = await alternate(sides, { rounds: roundsOf(bench, 10, 3), size: 1, warmUp: 1 });
        return new Map([[OPEN.name, measured(OPEN, column(ours, 'open'), column(floor, 'open'))]]);
      });
  },
};

/**
 * Stores with a release that can be called, and others beside it.
 *
 * @param counts of all releases, the one included
 * @returns a store each, after the one with that release alone
 */
async function prepareStores(bench: Workbench, name: string, counts: readonly number[]): Promise<readonly Prepared[]> {
  const zip = await makePackage(bench, { name: `bench-${name}`, version: '1.0.0', entry: 'trivial:Trivial' });
  const alone = await prepareStore(scratchFolder(bench, `${name}-1`), zip, bench.python.executable, PID);
  const stores = [alone];
  for (const count of counts) {
    const prepared = await copyPrepared(alone, scratchFolder(bench, `${name}-${count}`));
    await addClones(prepared, { count: count - 1, runnable: false });
    stores.push(prepared);
  }
  return stores;
}
