/**
 * npm run crash: kills the Runner (SIGKILL) at chosen calls of its operations, starts it again on the same store, and
 * looks whether anything is half done, lost or left behind.
 *
 * Exits 0 when nothing is; 1: something was found, or an operation does not even work undisturbed; 64: wrong usage;
 * 130: interrupted.
 */
import { runCampaign } from './campaign.js';
import type { Listener } from './campaign.js';
import { USAGE, UsageError, readOptions } from './options.js';
import type { CrashOptions } from './options.js';
import { isClean, summary } from './report.js';

const EXIT = { found: 1, usage: 64, interrupted: 130 } as const;
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

async function main(options: CrashOptions, signal: AbortSignal): Promise<void> {
  tell(`seed ${options.seed}`);
  const report = await runCampaign(options, listener(options), signal);
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : summary(report)}\n`);
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (!isClean(report)) process.exitCode = EXIT.found;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
try {
  await main(readOptions(process.argv.slice(2)), interrupt.signal);
} catch (error) {
  const isUsage = error instanceof UsageError;
  tell(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? USAGE : ''}`.trimEnd());
  process.exitCode = isUsage ? EXIT.usage : EXIT.found;
}
