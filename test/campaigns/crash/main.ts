/**
 * npm run crash: kills the Runner (SIGKILL) at chosen calls of its operations, starts it again on the same store, and
 * looks whether anything is half done, lost or left behind.
 *
 * Exits 0 when nothing is; 1: something was found, or an operation does not even work undisturbed; 64: wrong usage;
 * 130: interrupted.
 */
import { runCampaign } from './campaign.js';
import type { Listener } from './campaign.js';
import { runProgram } from '../../support/program.js';
import { USAGE, readOptions } from './options.js';
import type { CrashOptions } from './options.js';
import { isClean, summary } from './report.js';

const EXIT = { clean: 0, found: 1, interrupted: 130 } as const;
const PROGRESS_EVERY = 10;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const listener = ({ points: wanted }: CrashOptions): Listener => ({
  recorded: ({ operation, calls }) =>
    tell(`${operation}: ${sum(Object.values(calls))} calls of ${Object.keys(calls).length} kinds`),
  tried: (tally, finding) => {
    if (finding !== null)
      tell(
        `${finding.point}: ${[...finding.problems, ...finding.orphans.map((command) => `orphan: ${command}`)].join(' ')}`,
      );
    if (tally.points % PROGRESS_EVERY > 0) return;
    const { seconds, distinct, inconsistent } = tally.report();
    tell(`${tally.points}/${wanted} points, ${distinct} distinct, ${inconsistent} inconsistent, ${seconds} s`);
  },
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

async function main(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const options = readOptions(args);
  tell(`seed ${options.seed}`);
  const report = await runCampaign(options, listener(options), interrupt.signal);
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : summary(report)}\n`);
  if (interrupt.signal.aborted) return EXIT.interrupted;
  return isClean(report) ? EXIT.clean : EXIT.found;
}

await runProgram(USAGE, main);
