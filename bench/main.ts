/**
 * npm run bench: what the product costs on top of what it cannot do without (docs/performance.md). Every line compares
 * two sides that alternate in short rounds, each in a process of its own, because the speed of a shared machine drifts.
 *
 * Exits 0 whatever the goals: a missed one is a finding. 1: an experiment broke; 64: wrong usage.
 */
import { loadavg } from 'node:os';
import { EXPERIMENTS } from './experiments/index.js';
import type { Line } from './harness/line.js';
import { readOptions, USAGE, UsageError } from './options.js';
import type { BenchOptions } from './options.js';
import { describeMachine } from './report/machine.js';
import { machineText, notes, table } from './report/table.js';
import { runExperiment } from './run.js';
import { openWorkbench } from './workbench.js';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 64;

async function main(options: BenchOptions): Promise<void> {
  const { asJson, only, quick } = options;
  const startedMs = performance.now();
  const loadBefore = loadavg()[0] ?? NaN;
  const { bench, close } = await openWorkbench(options);
  const isWanted = ({ name }: { readonly name: string }): boolean => only.length === 0 || only.includes(name);
  const lines: Line[] = [];
  try {
    for (const experiment of EXPERIMENTS) {
      if (!isWanted(experiment) && !experiment.lines.some(isWanted)) continue;
      const { found, isBroken } = await runExperiment(experiment, bench);
      if (isBroken) process.exitCode = EXIT_BROKEN;
      lines.push(...(isWanted(experiment) ? found : found.filter(isWanted)));
    }
  } finally {
    await close();
  }
  const machine = describeMachine(bench, { loadBefore, startedMs });
  if (asJson) return void process.stdout.write(`${JSON.stringify({ lines, machine, quick }, null, 2)}\n`);
  const met = lines.filter((line) => line.met).length;
  const verdict = `${met} of ${lines.length} goals met${quick ? ' (quick: too short to judge by)' : ''}`;
  process.stdout.write(
    `\n${[table(lines), notes(lines), machineText(machine), verdict].filter(Boolean).join('\n\n')}\n`,
  );
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exitCode = EXIT_USAGE;
}
