import { join } from 'node:path';
import { alternate, column } from '../harness/alternate.js';
import { measured, measuredAlone } from '../harness/line.js';
import type { Goal, LineSpec } from '../harness/line.js';
import { Side, withSides } from '../harness/side.js';
import { deployedPython } from '../packages/deployed.js';
import { FLOORS } from '../packages/places.js';
import { prepareStore } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const atMost = (limit: number, judged: Goal['judged'] = 'ratio'): Goal => ({ judged, bound: 'at most', limit });

const P50: LineSpec = {
  name: 'call-p50',
  title: 'call, no image, trace on, median',
  floorTitle: 'bare framed JSON echo',
  unit: 'µs',
  goal: atMost(2),
};
const P99: LineSpec = { ...P50, name: 'call-p99', title: 'call, no image, trace on, p99', goal: atMost(2.5) };
const RATE: LineSpec = {
  ...P50,
  name: 'calls-per-second',
  title: 'calls per second, one process',
  unit: 'calls/s',
  goal: { judged: 'ratio', bound: 'at least', limit: 0.43 },
};
const TRACE: LineSpec = {
  ...P50,
  name: 'trace-round-trip',
  title: 'tracing on, call round trip',
  floorTitle: 'tracing off',
  goal: atMost(1.08),
};
const TRACE_BYTES: LineSpec = {
  ...P50,
  name: 'trace-bytes-per-record',
  title: 'trace, bytes per record',
  floorTitle: '–',
  unit: 'bytes',
  goal: atMost(32, 'value'),
};

/** The whole Runner, with and without its trace, against a bare echo that carries frames of the same size. */
export const calls: Experiment = {
  name: 'calls',
  lines: [P50, P99, RATE, TRACE, TRACE_BYTES],
  isRoundTrip: true,
  async prepare(bench) {
    const zip = await makePackage(bench, { name: 'bench-trivial', version: '1.0.0', entry: 'trivial:Trivial' });
    const traced = await prepareStore(scratchFolder(bench, 'traced'), zip, bench.python.executable, PID);
    const untraced = await prepareStore(scratchFolder(bench, 'untraced'), zip, bench.python.executable, PID);

    return async (pinned) => {
      const on = await Side.start(sideOf(bench, 'sides/runner-calls', { prepared: traced, trace: true }, pinned));
      try {
        const { callBytes = 0, resultBytes = 0 } = await on.facts();
        const echo = {
          command: deployedPython(traced.store, traced.release),
          args: ['-u', join(FLOORS, 'echo.py'), `${resultBytes}`],
          folder: bench.scratch,
          environment: {},
          callBytes,
        };
        const others = [
          sideOf(bench, 'sides/framed-calls', echo, pinned),
          sideOf(bench, 'sides/runner-calls', { prepared: untraced, trace: false }, pinned),
        ];
        return await withSides(others, async ([floor, off]) => {
          if (floor === undefined || off === undefined) throw new Error('a side is missing');
          const schedule = {
            rounds: roundsOf(bench, 30, 10),
            size: bench.quick ? 500 : 1500,
            warmUp: bench.quick ? 3000 : 8000,
          };
          const [ours, bare, silent] = await alternate([on, floor, off], schedule);
          const { bytesPerRecord = NaN } = await on.facts();
          return new Map([
            [P50.name, measured(P50, column(ours, 'p50'), column(bare, 'p50'))],
            [P99.name, measured(P99, column(ours, 'p99'), column(bare, 'p99'))],
            [RATE.name, measured(RATE, column(ours, 'perSecond'), column(bare, 'perSecond'))],
            [TRACE.name, measured(TRACE, column(ours, 'p50'), column(silent, 'p50'))],
            [TRACE_BYTES.name, measuredAlone(bytesPerRecord)],
          ]);
        });
      } finally {
        await on.stop();
      }
    };
  },
};
