import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { deployAll } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

type SwitchLine = LineSpec & { readonly during: string; readonly before: string };

const lineOf = (whose: 'switched' | 'others', share: 'P50' | 'P99', limit: number): SwitchLine => {
  const isOwn = whose === 'switched';
  return {
    name: `switch-${isOwn ? '' : 'others-'}${share.toLowerCase()}`,
    title: `calls during a switch, ${isOwn ? 'its PID' : 'other PIDs'}, ${share === 'P50' ? 'median' : 'p99'}`,
    floorTitle: 'the same callers before it',
    unit: 'µs',
    goal: { judged: 'ratio', bound: 'at most', limit },
    during: isOwn ? `during${share}` : `othersDuring${share}`,
    before: isOwn ? `before${share}` : `othersBefore${share}`,
  };
};

const LINES = [
  lineOf('switched', 'P50', 1.1),
  lineOf('switched', 'P99', 1.5),
  lineOf('others', 'P50', 1.1),
  lineOf('others', 'P99', 1.5),
];
const OTHER_PIDS = ['B01', 'B02'];

/**
 * Both windows of a round are in one Runner, right after each other. Not pinned: a switch starts a process, and on one
 * core its start would be measured, not what the switch costs the calls.
 */
export const switching: Experiment = {
  name: 'switch',
  lines: LINES,
  isRoundTrip: false,
  async prepare(bench) {
    const entry = 'trivial:Trivial';
    const zips = [
      await makePackage(bench, { name: 'bench-switch', version: '1.0.0', entry }),
      await makePackage(bench, { name: 'bench-switch', version: '2.0.0', entry }),
      await makePackage(bench, { name: 'bench-other', version: '1.0.0', entry, pids: OTHER_PIDS }),
    ];
    const store = scratchFolder(bench, 'switch');
    const python = bench.python.executable;
    const [first, second, other] = await deployAll(store, zips, python);
    const options = { store, python, pid: PID, releases: [first, second], other: { release: other, pids: OTHER_PIDS } };
    return () =>
      withSides([sideOf(bench, 'sides/runner-switch', options)], async (sides) => {
        const size = bench.quick ? 6 : 10;
        const [rounds] = await alternate(sides, { rounds: roundsOf(bench, 15, 3), size, warmUp: size });
        return new Map(
          LINES.map((line) => [line.name, measured(line, column(rounds, line.during), column(rounds, line.before))]),
        );
      });
  },
};
