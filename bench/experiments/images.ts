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

type Look = 'view' | 'array';
type Mode = 'mmap' | 'plain';

const handOver = (look: Look, mode: Mode, limit: number): LineSpec & { look: Look; mode: Mode } => ({
  look,
  mode,
  name: `image-${look}-${mode}`,
  title: `hand over ${WIDTH}×${HEIGHT}×3, ${look === 'view' ? 'zero-copy view' : 'default array'}, ${mode}`,
  floorTitle: 'one memcpy of those bytes',
  unit: 'µs',
  goal: { judged: 'ratio', bound: 'at most', limit },
});

const LINES = [
  handOver('view', 'mmap', 3),
  handOver('array', 'mmap', 4),
  handOver('view', 'plain', 8),
  handOver('array', 'plain', 9),
];

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
    const mapped = await prepareStore(scratchFolder(bench, 'images-mmap'), zip, numpy.executable, PID);
    const written = await prepareStore(scratchFolder(bench, 'images-plain'), zip, numpy.executable, PID);
    return (pinned) => compare(bench, { mmap: mapped, plain: written }, pinned);
  },
};

function compare(bench: Workbench, prepared: Readonly<Record<Mode, object>>, pinned: boolean) {
  const size = { width: WIDTH, height: HEIGHT };
  const specs = [
    sideOf(bench, 'floors/memcpy', { bytes: WIDTH * HEIGHT * 3 }, pinned),
    sideOf(bench, 'sides/runner-images', { prepared: prepared.mmap, ...size, preferMmap: true }, pinned),
    sideOf(bench, 'sides/runner-images', { prepared: prepared.plain, ...size, preferMmap: false }, pinned),
  ];
  return withSides(specs, async (sides) => {
    const rounds = roundsOf(bench, 20, 10);
    const [copies, mmap, plain] = await alternate(sides, { rounds, size: bench.quick ? 25 : 60, warmUp: 150 });
    const floor = column(copies, 'copy');
    const ours = { mmap, plain };
    return new Map(LINES.map((line) => [line.name, measured(line, column(ours[line.mode], line.look), floor)]));
  });
}
