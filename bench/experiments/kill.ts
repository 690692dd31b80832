import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { prepareStore } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const READY_AGAIN: LineSpec = {
  name: 'kill-to-ready',
  title: 'kill −9 of a process to Running again',
  floorTitle: 'its plain spawn to ready',
  unit: 'ms',
  goal: { judged: 'ratio', bound: 'at most', limit: 1.3 },
};

/** Both starts alternate within one Runner: whatever the machine does, it does to both. */
export const killToReady: Experiment = {
  name: 'kill',
  lines: [READY_AGAIN],
  isRoundTrip: false,
  async prepare(bench) {
    const zip = await makePackage(bench, { name: 'bench-kill', version: '1.0.0', entry: 'trivial:Trivial' });
    const prepared = await prepareStore(scratchFolder(bench, 'kill'), zip, bench.python.executable, PID);
    return () =>
      withSides([sideOf(bench, 'sides/runner-kill', prepared)], async (sides) => {
        const size = bench.quick ? 2 : 4;
        const [rounds] = await alternate(sides, { rounds: roundsOf(bench, 15, 5), size, warmUp: size });
        const again = measured(READY_AGAIN, column(rounds, 'restart'), column(rounds, 'start'));
        return new Map([[READY_AGAIN.name, again]]);
      });
  },
};
