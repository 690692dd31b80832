import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { prepareStore } from '../packages/prepared.js';
import { makePackage, PID } from '../packages/project.js';
import { NotPossible } from './experiment.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';
import type { Workbench } from './workbench.js';

const WIDTH = 1920;
const HEIGHT = 1200;

type Hand = 'view' | 'array' | 'reserved';

const TITLES: Readonly<Record<Hand, string>> = {
  view: 'zero-copy view',
  array: 'default array',
  reserved: 'reserved image, written by the camera before, zero-copy view',
};

const handOver = (hand: Hand, limit: number): LineSpec & { hand: Hand } => ({
  hand,
  name: `image-${hand}`,
  title: `hand over ${WIDTH}×${HEIGHT}×3, ${TITLES[hand]}`,
  floorTitle: 'one memcpy of those bytes',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit },
});

const LINES = [handOver('view', 8), handOver('array', 9), handOver('reserved', 1)];

/** A call with a raw image minus a call without, against one copy of the image's bytes. */
export const images: Experiment = {
  name: 'images',
  lines: LINES,
  isRoundTrip: true,
  note: ({ numpy }) =>
    numpy === null ? null : `NumPy ${numpy.numpyVersion} of the host, appended to the package's module path; no wheel`,
  async prepare(bench) {
    const { numpy } = bench;
    if (numpy === null)
      throw new NotPossible(
        'no interpreter with NumPy here: install python3-numpy, or name one in PROCVISION_NUMPY_PYTHON',
      );
    const zip = await makePackage(bench, {
      name: 'bench-images',
      version: '1.0.0',
      entry: 'images:Images',
      params: [{ key: 'look', type: 'enum', choices: ['none', 'view', 'array'], default: 'none' }],
      numpyFolder: numpy.folder,
    });
    const prepared = await prepareStore(scratchFolder(bench, 'images'), zip, numpy.executable, PID);
    return (pinned) => compare(bench, prepared, pinned);
  },
};

function compare(bench: Workbench, prepared: object, pinned: boolean) {
  const size = { width: WIDTH, height: HEIGHT };
  const specs = [
    sideOf(bench, 'floors/memcpy', { bytes: WIDTH * HEIGHT * 3 }, pinned),
    sideOf(bench, 'sides/runner-images', { prepared, ...size }, pinned),
  ];
  return withSides(specs, async (sides) => {
    const rounds = roundsOf(bench, 20, 10);
    const [copies, ours] = await alternate(sides, { rounds, size: bench.quick ? 25 : 60, warmUp: 150 });
    const floor = column(copies, 'copy');
    return new Map(LINES.map((line) => [line.name, measured(line, column(ours, line.hand), floor)]));
  });
}
