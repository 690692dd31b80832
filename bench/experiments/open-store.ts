import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import type { Experiment } from './experiment.js';
import { prepareStores } from './stores-by-size.js';
import { roundsOf, sideOf } from './workbench.js';

const RELEASES = 1000;

const OPEN: LineSpec = {
  name: `open-known-${RELEASES}`,
  title: `open a store with ${RELEASES} releases deployed`,
  floorTitle: 'with 1 release',
  unit: 'ms',
  goal: null,
};
const CLOSE: LineSpec = { ...OPEN, name: `close-known-${RELEASES}`, title: 'close it again' };

/** What a start and an end of the Runner cost with many releases; there is no goal for them. */
export const openStore: Experiment = {
  name: 'open',
  lines: [OPEN, CLOSE],
  isRoundTrip: false,
  async prepare(bench) {
    const [alone, many] = await prepareStores(bench, 'open', [RELEASES]);
    const specs = [
      sideOf(bench, 'sides/runner-open', { ...many, releases: RELEASES }),
      sideOf(bench, 'sides/runner-open', { ...alone, releases: 1 }),
    ];
    return () =>
      withSides(specs, async (sides) => {
        const [ours, floor] = await alternate(sides, { rounds: roundsOf(bench, 10, 3), size: 1, warmUp: 1 });
        return new Map([
          [OPEN.name, measured(OPEN, column(ours, 'open'), column(floor, 'open'))],
          [CLOSE.name, measured(CLOSE, column(ours, 'close'), column(floor, 'close'))],
        ]);
      });
  },
};
