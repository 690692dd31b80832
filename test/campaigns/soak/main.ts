/**
 * npm run soak: switches, rollbacks, broken releases and kill -9 under steady load, judged by what callers and processes
 * wrote down themselves (docs: issue 3, section 4). One JSON object on stdout with --json, progress on stderr.
 */
import { runProgram } from '../../support/program.js';
import { readOptions, USAGE } from './options.js';
import { soak } from './soak.js';
import type { Soaked } from './soak.js';

const EXIT = { green: 0, found: 1, interrupted: 130 } as const;
/** Cases told of each kind; all of them lie in findings.json. */
const CASES_TOLD = 5;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function tell({ verdict, kept }: Soaked): void {
  for (const [name, cases] of Object.entries(verdict.findings) as [string, readonly string[]][])
    for (const one of cases.slice(0, CASES_TOLD)) say(`${name}: ${one}`);
  if (kept !== null) say(`Everything of it is in ${kept}; start with findings.json and the trace.`);
}

async function main(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const { json, ...options } = readOptions(args);
  const soaked = await soak(options, interrupt.signal, say);
  tell(soaked);
  const { report } = soaked;
  const lines = Object.entries(report).map(([name, value]) => `${name.padEnd(24)}${String(value)}`);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${lines.join('\n')}\n`);
  if (interrupt.signal.aborted) return EXIT.interrupted;
  return (report['failures'] as readonly string[]).length === 0 ? EXIT.green : EXIT.found;
}

/** A Runner that did not close holds the process up; what it left was reported by then. */
const EXIT_WITHIN_MS = 5000;

await runProgram(USAGE, main);
setTimeout(() => process.exit(), EXIT_WITHIN_MS).unref();
