import { judge } from './harness/line.js';
import type { Line } from './harness/line.js';
import { NotPossible } from './experiments/experiment.js';
import type { Experiment } from './experiments/experiment.js';
import type { Workbench } from './experiments/workbench.js';

/** Measures one experiment. What breaks costs its own lines, which say why, and not those of the others. */
export async function runExperiment(
  experiment: Experiment,
  bench: Workbench,
): Promise<{ readonly found: readonly Line[]; readonly isBroken: boolean }> {
  const { name, lines } = experiment;
  try {
    return { found: await measure(experiment, bench), isBroken: false };
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    bench.say(`${name}: not measured, ${note}`);
    const found = lines.map((line) => judge(line, null, { pinned: false, unpinned: null, note }));
    return { found, isBroken: !(error instanceof NotPossible) };
  }
}

async function measure(experiment: Experiment, bench: Workbench): Promise<readonly Line[]> {
  const { name, lines, isRoundTrip } = experiment;
  bench.say(`${name}: preparing`);
  const measureOn = await experiment.prepare(bench);
  const pinned = isRoundTrip && bench.pinning !== null;
  bench.say(`${name}: measuring${pinned ? ` on core ${bench.pinning.cpu}` : ''}`);
  const goals = await measureOn(pinned);
  if (pinned && !bench.quick) bench.say(`${name}: measuring unpinned`);
  const beside = pinned && !bench.quick ? await measureOn(false) : null;
  const note = experiment.note?.(bench) ?? null;
  return lines.map((line) =>
    judge(line, goals.get(line.name) ?? null, { pinned, unpinned: beside?.get(line.name) ?? null, note }),
  );
}
