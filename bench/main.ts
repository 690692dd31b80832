/**
 * npm run bench: what the product costs on top of what it cannot do without (docs/performance.md). Every line compares
 * two sides that alternate in short rounds, each in a process of its own, because the speed of a shared machine drifts.
 *
 * Exits 0 whatever the goals: a missed one is a finding. 1: an experiment broke; 64: wrong usage; 130: interrupted.
 */
import { loadavg } from 'node:os';
import { runProgram } from '../test/support/program.js';
import { EXPERIMENTS } from './experiments/index.js';
import type { Line } from './harness/line.js';
import { openWorkbench } from './open-workbench.js';
import { readOptions, USAGE } from './options.js';
import type { BenchOptions } from './options.js';
import { describeMachine } from './report/machine.js';
import type { Machine } from './report/machine.js';
import { markdown } from './report/markdown.js';
import { machineText, notes, table } from './report/table.js';
import { runExperiment } from './run.js';

const EXIT = { done: 0, broken: 1, interrupted: 130 } as const;

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
  const { signal } = interrupt;
  const { as, only, quick } = options;
  const startedMs = performance.now();
  const loadBefore = loadavg()[0] ?? NaN;
  const { bench, close } = await openWorkbench({ ...options, signal });
  const isWanted = ({ name }: { readonly name: string }): boolean => only.length === 0 || only.includes(name);
  const lines: Line[] = [];
  let exitCode: number = EXIT.done;
  try {
    for (const experiment of EXPERIMENTS) {
      if (signal.aborted || !(isWanted(experiment) || experiment.lines.some(isWanted))) continue;
      const { found, isBroken } = await runExperiment(experiment, bench);
      if (isBroken) exitCode = EXIT.broken;
      lines.push(...(isWanted(experiment) ? found : found.filter(isWanted)));
    }
  } finally {
    await close();
  }
  if (signal.aborted) return EXIT.interrupted;
  const machine = describeMachine(bench, { loadBefore, startedMs });
  process.stdout.write(printed(as, lines, machine, quick));
  return exitCode;
}

function printed(as: BenchOptions['as'], lines: readonly Line[], machine: Machine, quick: boolean): string {
  switch (as) {
    case 'json':
      return `${JSON.stringify({ lines, machine, quick }, null, 2)}\n`;
    case 'markdown':
      return `${markdown(lines)}\n${machineText(machine)}\n`;
    case 'table':
      return text(lines, machine, quick);
  }
}

function text(lines: readonly Line[], machine: Machine, quick: boolean): string {
  const judged = lines.filter((line) => line.met !== null);
  const met = judged.filter((line) => line.met).length;
  const verdict = `${met} of ${judged.length} goals met${quick ? ' (quick: too short to judge by)' : ''}`;
  return `\n${[table(lines), notes(lines), machineText(machine), verdict].filter(Boolean).join('\n\n')}\n`;
}

await runProgram(USAGE, main);
