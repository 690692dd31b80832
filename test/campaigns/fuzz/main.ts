/**
 * npm run fuzz: inputs of every kind with harm done to them, and a store with damaged files under every command. Nothing may
 * crash, take longer than a second, or leave anything behind. One JSON object on stdout with --json, progress on stderr.
 */
import { fuzz } from './campaign.js';
import { runProgram } from '../../support/program.js';
import { readOptions, USAGE } from './options.js';

const EXIT = { green: 0, found: 1, interrupted: 130 } as const;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const options = readOptions(args);
  say(`seed ${options.seed}`);
  const report = await fuzz(options, interrupt.signal, say);
  for (const { target, sort, seed, what, again } of report.findings)
    say(`${sort} of ${target}, seed ${seed}: ${what}\n  ${again}`);
  const lines = Object.entries(report.cases).map(([name, count]) => `${name.padEnd(12)}${count} cases`);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${[...lines, `findings    ${report.findings.length}`].join('\n')}\n`,
  );
  if (interrupt.signal.aborted) return EXIT.interrupted;
  return report.findings.length === 0 ? EXIT.green : EXIT.found;
}

await runProgram(USAGE, main);
