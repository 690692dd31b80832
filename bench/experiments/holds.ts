import { mkdir } from 'node:fs/promises';
import { alternate, column } from '../harness/alternate.js';
import { measuredAlone } from '../harness/line.js';
import type { LineSpec } from '../harness/line.js';
import { withSides } from '../harness/side.js';
import { median } from '../harness/statistics.js';
import { largeWheel } from '../packages/large-wheel.js';
import { makePackage } from '../packages/project.js';
import { smallWheel } from '../packages/small-wheel.js';
import type { HoldOptions } from '../sides/runner-holds.js';
import type { Experiment } from './experiment.js';
import { prepareStores } from './stores-by-size.js';
import { roundsOf, scratchFolder, sideOf } from './workbench.js';
import type { Workbench } from './workbench.js';

const RELEASES = 1000;
const ZIPS = 50;
const SMALL_WHEELS = 9;
const MB = 1_000_000;

const GOAL = { judged: 'value', bound: 'at most', limit: 20 } as const;

export const holdLine = (name: string, during: string): LineSpec => ({
  ...{ name, title: `longest hold of the event loop ${during}`, floorTitle: '–', unit: 'ms', goal: GOAL },
});

const LINES: Readonly<Record<HoldOptions['work'], LineSpec>> = {
  install: holdLine('hold-install', 'while a package of ten wheels, one of 60 MB, is installed'),
  hash: holdLine('hold-hash', 'while a package of 300 MB is taken up and validated'),
  scan: holdLine('hold-scan', `while ${ZIPS} packages are found and validated`),
  open: holdLine(`hold-open-${RELEASES}`, `while a store with ${RELEASES} releases is opened`),
};

/** How long calls and heartbeats wait for what a Runner does beside them. */
export const holds: Experiment = {
  name: 'holds',
  lines: Object.values(LINES),
  isRoundTrip: false,
  async prepare(bench) {
    const works = await prepareWorks(bench);
    return async () => {
      const found = new Map<string, ReturnType<typeof measuredAlone>>();
      for (const options of works)
        await withSides([sideOf(bench, 'sides/runner-holds', options)], async (sides) => {
          const [ours] = await alternate(sides, { rounds: roundsOf(bench, 5, 1), size: 1, warmUp: 0 });
          found.set(LINES[options.work].name, measuredAlone(median(column(ours, 'hold'))));
        });
      return found;
    };
  },
};

async function prepareWorks(bench: Workbench): Promise<readonly HoldOptions[]> {
  const python = bench.python.executable;
  const scratch = scratchFolder(bench, 'holds');
  await mkdir(scratch);
  const small = await Promise.all(Array.from({ length: SMALL_WHEELS }, (_, i) => smallWheel(i + 1)));
  const packageOf = (name: string, wheels: typeof small): Promise<string> =>
    makePackage(bench, { name, version: '1.0.0', entry: 'trivial:Trivial', wheels });

  const usual = await packageOf('bench-usual', [...small, await largeWheel('bench_native', 60 * MB, 2_000)]);
  const large = await packageOf('bench-large', [await largeWheel('bench_model', 300 * MB, 1)]);
  const zips: string[] = [];
  for (let i = 0; i < ZIPS; i++) zips.push(await packageOf(`bench-scan-${i}`, small.slice(0, 3)));
  const [, known] = await prepareStores(bench, 'hold-open', [RELEASES]);
  return [
    { work: 'install', scratch, python, zip: usual },
    { work: 'hash', scratch, python, zip: large },
    { work: 'scan', scratch, python, zips },
    ...(known === undefined ? [] : [{ work: 'open' as const, store: known.store, python }]),
  ];
}
