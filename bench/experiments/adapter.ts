import { join } from 'node:path';
import { alternate, column } from '../harness/alternate.js';
import type { FramedProcess } from '../harness/framed-client.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { deployedFolder, deployedPython } from '../packages/deployed.js';
import { FLOORS } from '../packages/places.js';
import { prepareStore } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const ROUND_TRIP: LineSpec = {
  name: 'adapter-round-trip',
  title: "Python adapter's round trip, median",
  floorTitle: 'single-threaded loop, same codec',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit: 1.1 },
};

/** The SDK's adapter, which answers pings while it works, against a loop that does not; both in the deployed venv. */
export const adapter: Experiment = {
  name: 'adapter',
  lines: [ROUND_TRIP],
  isRoundTrip: true,
  async prepare(bench) {
    const zip = await makePackage(bench, { name: 'bench-adapter', version: '1.0.0', entry: 'trivial:Trivial' });
    const { store, release } = await prepareStore(scratchFolder(bench, 'adapter'), zip, bench.python.executable, PID);
    const folder = deployedFolder(store, release);
    const run = (...args: readonly string[]): FramedProcess => ({
      command: deployedPython(store, release),
      args: ['-u', ...args],
      folder,
      environment: { PROC_ENV: 'prod', PROC_ALGO_ROOT: folder },
      callBytes: 0,
    });
    const ours = run('-m', 'procvision_algorithm_sdk.adapter', '--entry', 'bench_algorithm.trivial:Trivial');
    const loop = run(join(FLOORS, 'single_threaded_loop.py'));

    return (pinned) =>
      withSides(
        [ours, loop].map((options) => sideOf(bench, 'sides/framed-calls', options, pinned)),
        async (sides) => {
          const schedule = {
            rounds: roundsOf(bench, 30, 10),
            size: bench.quick ? 500 : 2000,
            warmUp: bench.quick ? 2000 : 6000,
          };
          const [adapterRounds, loopRounds] = await alternate(sides, schedule);
          return new Map([
            [ROUND_TRIP.name, measured(ROUND_TRIP, column(adapterRounds, 'p50'), column(loopRounds, 'p50'))],
          ]);
        },
      );
  },
};
