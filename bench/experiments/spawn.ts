import { alternate, column } from '../harness/alternate.js';
import { measured, measuredAlone } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { median } from '../harness/statistics.js';
import { deployedPython } from '../packages/deployed.js';
import { prepareStore } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { holdLine } from './holds.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const READY: LineSpec = {
  name: 'spawn-to-ready',
  title: 'spawn to ready, SDK without NumPy',
  floorTitle: 'python3 -c "import json, threading"',
  unit: 'ms',
  goal: { judged: 'ratio', bound: 'at most', limit: 2.5 },
};

const HOLD = holdLine('spawn-hold', 'while 64 processes start');
const CLOSE_HOLD = holdLine('hold-close-64', 'while a Runner of 64 processes closes');

/** The floor runs in the release's own environment: what the host's `site-packages` do at every start is not its business. */
export const spawnToReady: Experiment = {
  name: 'spawn',
  lines: [READY, HOLD, CLOSE_HOLD],
  isRoundTrip: false,
  async prepare(bench) {
    const zip = await makePackage(bench, { name: 'bench-spawn', version: '1.0.0', entry: 'trivial:Trivial' });
    const prepared = await prepareStore(scratchFolder(bench, 'spawn'), zip, bench.python.executable, PID);
    const specs = [
      sideOf(bench, 'sides/runner-spawn', prepared),
      sideOf(bench, 'floors/startup', { python: deployedPython(prepared.store, prepared.release) }),
    ];
    const many = [sideOf(bench, 'sides/runner-spawn-many', prepared)];
    return async () => {
      const ready = await withSides(specs, async (sides) => {
        const size = bench.quick ? 2 : 4;
        const [ours, floor] = await alternate(sides, { rounds: roundsOf(bench, 15, 10), size, warmUp: size });
        return measured(READY, column(ours, 'start'), column(floor, 'start'));
      });
      return withSides(many, async (sides) => {
        const [ours] = await alternate(sides, { rounds: roundsOf(bench, 5, 1), size: 1, warmUp: 0 });
        return new Map([
          [READY.name, ready],
          [HOLD.name, measuredAlone(median(column(ours, 'start')))],
          [CLOSE_HOLD.name, measuredAlone(median(column(ours, 'close')))],
        ]);
      });
    };
  },
};
