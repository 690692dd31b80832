import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { deployAll } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const DONE: LineSpec = {
  name: 'warm-rollback',
  title: 'warm rollback, until its promise resolves',
  floorTitle: 'one durable write',
  unit: 'ms',
  goal: { judged: 'difference', bound: 'at most', limit: 5 },
};
const ROUTED: LineSpec = {
  ...DONE,
  name: 'warm-rollback-routed',
  title: 'warm rollback, until new flows go to the release before',
  goal: null,
};

/** About the size of `active/<pid>.json`. */
const ROUTE_BYTES = 200;

/** The floor writes beside the store, on the same file system. */
export const rollback: Experiment = {
  name: 'rollback',
  lines: [DONE, ROUTED],
  isRoundTrip: false,
  async prepare(bench) {
    const entry = 'trivial:Trivial';
    const zips = [
      await makePackage(bench, { name: 'bench-rollback', version: '1.0.0', entry }),
      await makePackage(bench, { name: 'bench-rollback', version: '2.0.0', entry }),
    ];
    const store = scratchFolder(bench, 'rollback');
    const python = bench.python.executable;
    const releases = await deployAll(store, zips, python);
    const specs = [
      sideOf(bench, 'sides/runner-rollback', { store, python, releases, pid: PID }),
      sideOf(bench, 'floors/durable-write', { folder: scratchFolder(bench, 'durable-write'), bytes: ROUTE_BYTES }),
    ];
    return () =>
      withSides(specs, async (sides) => {
        const size = bench.quick ? 3 : 5;
        const [ours, floor] = await alternate(sides, { rounds: roundsOf(bench, 20, 5), size, warmUp: size });
        const writes = column(floor, 'write');
        return new Map([
          [DONE.name, measured(DONE, column(ours, 'rollback'), writes)],
          [ROUTED.name, measured(ROUTED, column(ours, 'routed'), writes)],
        ]);
      });
  },
};
