import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const RECORDS = 2_000_000;
const RECORDS_QUICK = 50_000;

const WHY: LineSpec = {
  name: 'trace-why-2m',
  title: '`trace why` on a trace of two million records',
  floorTitle: 'reading its bytes',
  unit: 'ms',
  goal: { judged: 'value', bound: 'at most', limit: 5000 },
};
const SHOW: LineSpec = {
  ...WHY,
  name: 'trace-show-2m',
  title: '`trace show` on the same',
  goal: { judged: 'value', bound: 'at most', limit: 1000 },
};

/** One long run of a Runner, in files of the usual size. */
export const traceReading: Experiment = {
  name: 'trace-reading',
  lines: [WHY, SHOW],
  isRoundTrip: false,
  note: ({ quick }) => (quick ? `only ${RECORDS_QUICK} records` : null),
  prepare(bench) {
    const options = { folder: scratchFolder(bench, 'long-trace'), records: bench.quick ? RECORDS_QUICK : RECORDS };
    return Promise.resolve(() =>
      withSides([sideOf(bench, 'sides/trace-reading', options)], async (sides) => {
        const [rounds] = await alternate(sides, { rounds: roundsOf(bench, 5, 2), size: 1, warmUp: 1 });
        const read = column(rounds, 'read');
        return new Map([
          [WHY.name, measured(WHY, column(rounds, 'why'), read)],
          [SHOW.name, measured(SHOW, column(rounds, 'show'), read)],
        ]);
      }),
    );
  },
};
