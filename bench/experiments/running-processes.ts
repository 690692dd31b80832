import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { addClones } from '../packages/clones.js';
import { copyPrepared, prepareStore } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

type Kind = 'instances' | 'releases';

const lineOf = (kind: Kind, count: number): LineSpec & { readonly kind: Kind; readonly count: number } => ({
  kind,
  count,
  name: `call-${kind}-${count}`,
  title: `call with ${count} processes ${kind === 'instances' ? 'of its release' : 'of as many releases'}, median`,
  floorTitle: 'with 1 process',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit: 1.3 },
});

const LINES = [lineOf('instances', 4), lineOf('instances', 16), lineOf('releases', 4), lineOf('releases', 16)];

/** The same release is called beside more and more idle processes: its own, or those of other releases. */
export const runningProcesses: Experiment = {
  name: 'running-processes',
  lines: LINES,
  isRoundTrip: true,
  async prepare(bench) {
    const zip = await makePackage(bench, { name: 'bench-running', version: '1.0.0', entry: 'trivial:Trivial' });
    const alone = await prepareStore(scratchFolder(bench, 'running-1'), zip, bench.python.executable, PID);
    const options: object[] = [{ prepared: alone, trace: true }];
    for (const { kind, count } of LINES) {
      const prepared = await copyPrepared(alone, scratchFolder(bench, `running-${kind}-${count}`));
      const more =
        kind === 'instances'
          ? { instances: count }
          : { beside: await addClones(prepared, { count: count - 1, runnable: true }) };
      options.push({ prepared, trace: true, ...more });
    }
    return (pinned) =>
      withSides(
        options.map((side) => sideOf(bench, 'sides/runner-calls', side, pinned)),
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
