import { createRunner } from '../../src/index.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { quiet } from '../packages/prepared.js';
import { makePackage } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const RELEASES = 10;
const REST_MS = 2000;

const IDLE: LineSpec = {
  name: 'memory-idle',
  title: `Runner memory, idle, ${RELEASES} releases deployed`,
  floorTitle: 'bare node',
  unit: 'MiB',
  goal: { judged: 'difference', bound: 'at most', limit: 50 },
};

/** A new pair of processes per round: what a process once took it hardly ever gives back. */
export const memory: Experiment = {
  name: 'memory',
  lines: [IDLE],
  isRoundTrip: false,
  async prepare(bench) {
    const python = bench.python.executable;
    const store = scratchFolder(bench, 'memory');
    const runner = await createRunner({ ...quiet(store, python), trace: false });
    try {
      for (let i = 0; i < RELEASES; i++) {
        const zip = await makePackage(bench, {
          name: 'bench-memory',
          version: `1.0.${i}`,
          entry: 'trivial:Trivial',
        });
        await runner.install(zip, { target: 'Deployed' });
      }
    } finally {
      await runner.close();
    }
    const specs = [
      sideOf(bench, 'sides/runner-idle', { store, python, releases: RELEASES }),
      sideOf(bench, 'floors/bare-node', {}),
    ];
    return async () => {
      const ours: number[] = [];
      const floor: number[] = [];
      for (let round = 0; round < roundsOf(bench, 10, 2); round++) {
        await withSides(specs, async (sides) => {
          const [runnerRound, bareRound] = await Promise.all(sides.map((side) => side.round(REST_MS)));
          ours.push(runnerRound?.['rssMiB'] ?? NaN);
          floor.push(bareRound?.['rssMiB'] ?? NaN);
        });
      }
      return new Map([[IDLE.name, measured(IDLE, ours, floor)]]);
    };
  },
};
