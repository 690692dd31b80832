import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Workbench } from './experiments/workbench.js';
import { findPinning } from './harness/pinning.js';
import { findNumpyPython, findPython } from './packages/interpreters.js';
import { sdkWheel } from './packages/places.js';

/** Looks at the machine and makes a scratch folder, which `close` removes. */
export async function openWorkbench(
  options: Pick<Workbench, 'quick' | 'rounds' | 'nodeFlags' | 'signal'>,
): Promise<{ readonly bench: Workbench; readonly close: () => Promise<void> }> {
  const { quick, rounds, nodeFlags, signal } = options;
  const wheel = await sdkWheel();
  const scratch = await mkdtemp(join(tmpdir(), 'procvision-bench-'));
  const copy = join(scratch, basename(wheel));
  await copyFile(wheel, copy);
  const bench: Workbench = {
    scratch,
    sdkWheel: copy,
    python: findPython(),
    numpy: findNumpyPython(),
    pinning: findPinning(),
    nodeFlags,
    quick,
    rounds,
    signal,
    say: (stage) => void process.stderr.write(`${stage}\n`),
  };
  return { bench, close: () => rm(scratch, { recursive: true, force: true }) };
}
