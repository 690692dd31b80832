import { runProgram } from '../../support/program.js';
import { simulate } from './campaign.js';
import { readOptions, USAGE } from './options.js';
import type { Summary } from './summary.js';

/** `npm run simulate`: see docs/simulation.md. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const summary = await simulate(options, { say: (line) => void process.stderr.write(`${line}\n`) });
  process.stdout.write(`${options.json ? JSON.stringify(summary, null, 2) : inWords(summary)}\n`);
  return summary.failed.length > 0 ? 1 : 0;
}

function inWords(summary: Summary): string {
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  const { seeds, from, failed } = summary;
  return [
    `${seeds} days (seeds ${from} to ${from + seeds - 1}) in ${summary.seconds} s, ${summary.starts} starts of a Runner`,
    `calls      ${summary.calls}: ${counts(summary.outcomes)}`,
    `changes    ${counts(summary.changes)}`,
    `mistakes   ${counts(summary.mistakes)}`,
    `refusals   ${counts(summary.refusals)}`,
    `faults     ${summary.faultsLanded}: ${counts(summary.faults)}`,
    `deliveries ${summary.deliveries + summary.commands}, ${summary.deliveriesPerSecond} a second of processor time`,
    `trace hash ${summary.traceHash}`,
    `invariants whose premise came true: ${summary.invariantsMet.join(', ')}`,
    ...failed.flatMap(({ seed, violations, shortened = [] }) => [
      `seed ${seed} FAILED:`,
      ...violations.map(({ rule, what, atMs }) => `  ${atMs} ms, ${rule}: ${what}`),
      ...(shortened.length > 0 ? ['  it takes no more than:', ...shortened.map((line) => `    ${line}`)] : []),
    ]),
    failed.length === 0 ? 'every day was sound' : `${failed.length} of ${seeds} days failed`,
  ].join('\n');
}

await runProgram(USAGE, main);
