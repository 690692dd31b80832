import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { Goal, LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { deployAll } from '../packages/prepared.js';
import { makePackage } from '../packages/project.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

type Compared = LineSpec & { readonly ours: string; readonly floor: string };

const atMost = (limit: number, judged: Goal['judged'] = 'ratio'): Goal => ({ judged, bound: 'at most', limit });

const fileLine = (name: string, size: string, column: string): Compared => ({
  name: `decode-jpeg-${name}`,
  title: `JPEG file of ${size} to verdict`,
  floorTitle: 'libjpeg-turbo in the same process + a call with the pixels',
  unit: 'ms',
  goal: atMost(1.3),
  ours: column,
  floor: `${column}Floor`,
});

const QUIET = 'the same without';

const LINES: readonly Compared[] = [
  fileLine('1920x1200', '1920×1200', 'small'),
  fileLine('12mp', '12 MP', 'large'),
  {
    name: 'flood-others-p99',
    title: 'raw calls of another PID while 12 MP JPEGs are decoded, p99',
    floorTitle: QUIET,
    unit: 'µs',
    goal: atMost(1.5),
    ours: 'calls',
    floor: 'callsBefore',
  },
  {
    name: 'flood-durable-write-p99',
    title: 'durable writes while 12 MP JPEGs are decoded, p99',
    floorTitle: QUIET,
    unit: 'ms',
    goal: null,
    ours: 'writes',
    floor: 'writesBefore',
  },
  {
    name: 'flood-loop-hold',
    title: 'longest hold of the event loop while 12 MP JPEGs are decoded',
    floorTitle: QUIET,
    unit: 'ms',
    goal: atMost(20, 'value'),
    ours: 'hold',
    floor: 'holdBefore',
  },
];

const SIZES = [
  [1920, 1200],
  [4000, 3000],
] as const;

/** Not pinned: decoding has processes of its own, which is what these lines are about. */
export const decoding: Experiment = {
  name: 'decoding',
  lines: LINES,
  isRoundTrip: false,
  async prepare(bench) {
    const pids = ['A01', 'B01'] as const;
    const zips = await Promise.all(
      pids.map((pid) =>
        makePackage(bench, {
          name: `bench-decode-${pid.toLowerCase()}`,
          version: '1.0.0',
          entry: 'trivial:Trivial',
          pids: [pid],
        }),
      ),
    );
    const store = scratchFolder(bench, 'decoding');
    const python = bench.python.executable;
    const releases = await deployAll(store, zips, python);
    const files = await photographs(scratchFolder(bench, 'photographs'));
    const folder = scratchFolder(bench, 'decoding-writes');
    const options = { store, python, releases, pids, files, folder };
    return () =>
      withSides([sideOf(bench, 'sides/runner-decode', options)], async (sides) => {
        const size = bench.quick ? 3 : 15;
        const [rounds] = await alternate(sides, { rounds: roundsOf(bench, 12, 2), size, warmUp: size });
        return new Map(
          LINES.map((line) => {
            const [ours, floor] = [column(rounds, line.ours), column(rounds, line.floor)];
            const found = measured(line, ours, floor);
            // A hold that is bounded is so in every round.
            return [line.name, line.goal?.judged === 'value' ? { ...found, judged: Math.max(...ours) } : found];
          }),
        );
      });
  },
};

/** Noise, softened as a lens does it: neither flat nor incompressible. */
async function photographs(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [width, height] of SIZES) {
    const file = join(folder, `${width}x${height}.jpg`);
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const create = { width, height, channels: 3, background: 'grey', noise } as const;
    await sharp({ create }).blur(1.5).jpeg({ quality: 90 }).toFile(file);
    files.push(file);
  }
  return files;
}
