import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { alternate, column } from '../harness/alternate.js';
import { measured } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { makePackage } from '../packages/project.js';
import { smallWheel } from '../packages/small-wheel.js';
import type { Experiment } from './experiment.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';

const WHEELS = 10;

const DEPLOY: LineSpec = {
  name: 'deploy',
  title: `deploy a package of ${WHEELS} small wheels and the SDK`,
  floorTitle: 'python3 -m venv + pip install of the same',
  unit: 'ms',
  goal: { judged: 'ratio', bound: 'at most', limit: 0.5 },
};

/** From the zip to Deployed, everything in between included, against what one would type to install the same wheels. */
export const deploy: Experiment = {
  name: 'deploy',
  lines: [DEPLOY],
  isRoundTrip: false,
  async prepare(bench) {
    const wheels = await Promise.all(Array.from({ length: WHEELS }, (_, i) => smallWheel(i + 1)));
    const zip = await makePackage(bench, {
      name: 'bench-deploy',
      version: '1.0.0',
      entry: 'trivial:Trivial',
      wheels,
    });
    const scratch = scratchFolder(bench, 'pip');
    const folder = join(scratch, 'wheels');
    await mkdir(folder, { recursive: true });
    for (const { file, bytes } of wheels) await writeFile(join(folder, file), bytes);
    const sdk = join(folder, basename(bench.sdkWheel));
    await copyFile(bench.sdkWheel, sdk);

    const python = bench.python.executable;
    const requirements = [...wheels.map(({ requirement }) => requirement), sdk];
    const specs = [
      sideOf(bench, 'sides/runner-deploy', { store: scratchFolder(bench, 'deploy'), zip, python }),
      sideOf(bench, 'floors/pip-install', { python, wheels: folder, requirements, scratch }),
    ];
    return () =>
      withSides(specs, async (sides) => {
        const [ours, floor] = await alternate(sides, {
          rounds: roundsOf(bench, 10, 2),
          size: 1,
          warmUp: bench.quick ? 0 : 1,
        });
        return new Map([[DEPLOY.name, measured(DEPLOY, column(ours, 'deploy'), column(floor, 'deploy'))]]);
      });
  },
};
