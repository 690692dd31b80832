import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { deployAll } from '../packages/prepared.js';
import { makePackage } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const LINE: LineSpec = {
  name: 'starved-others-p99',
  title: 'raw calls of another PID while eight images wait for a hung release, p99',
  floorTitle: 'the same without',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit: 1.2 },
};

const PROGRAMS = [
  ['A01', 'hung:Hung'],
  ['B01', 'trivial:Trivial'],
] as const;

export const starvation: Experiment = {
  name: 'starvation',
  lines: [LINE],
  isRoundTrip: false,
  async prepare(bench) {
    const zips = await Promise.all(
      PROGRAMS.map(([pid, entry]) =>
        makePackage(bench, { name: `bench-starved-${pid.toLowerCase()}`, version: '1.0.0', entry, pids: [pid] }),
      ),
    );
    const store = scratchFolder(bench, 'starvation');
    const python = bench.python.executable;
    const releases = await deployAll(store, zips, python);
    const options = { store, python, releases, pids: PROGRAMS.map(([pid]) => pid) };
    return () =>
      withSides([sideOf(bench, 'sides/runner-starved', options)], async (sides) => {
        const size = bench.quick ? 50 : 200;
        const [rounds] = await alternate(sides, { rounds: roundsOf(bench, 15, 2), size, warmUp: size });
        return new Map([[LINE.name, measured(LINE, column(rounds, 'calls'), column(rounds, 'callsBefore'))]]);
      });
  },
};
