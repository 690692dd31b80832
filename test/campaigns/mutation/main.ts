/**
 * npm run mutate: one thing at a time is changed in the machines, and the checks of the project have to find it
 * (docs/mutation.md). One JSON object on stdout with --json, progress on stderr.
 */
import { runProgram } from '../../support/program.js';
import { allMutants, drawn } from './all-mutants.js';
import { crew } from './crew.js';
import type { Verdict } from './crew.js';
import { readOptions, USAGE } from './options.js';
import type { MutationOptions } from './options.js';
import { linesOf, reportOn } from './report.js';

const EXIT = { green: 0, found: 1 } as const;
/** Mutants between two lines of progress. */
const PROGRESS_EVERY = 50;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function mutate({ only, limit, seed, budgetMs, workers, histories }: MutationOptions) {
  const mutants = allMutants();
  const numbers = new Map(mutants.map((mutant, number) => [mutant, number]));
  const chosen = drawn(
    mutants.filter(({ original }) => only === null || original.id === only),
    limit,
    seed,
  );
  const queue = chosen.map((mutant) => numbers.get(mutant) ?? 0);
  const sinceMs = performance.now();
  const verdicts: Verdict[] = [];
  const isLate = (): boolean => budgetMs !== null && performance.now() - sinceMs > budgetMs;
  const red = await crew({
    ...{ workers, histories },
    next: () => (isLate() ? undefined : queue.shift()),
    onVerdict: (verdict) => {
      verdicts.push(verdict);
      const name = mutants[verdict.mutant]?.id ?? '';
      if (verdict.caught === null) say(`survives: ${name}`);
      else if (verdict.caught.by === 'examples') say(`examples only: ${name}`);
      if (verdicts.length % PROGRESS_EVERY === 0) say(`${verdicts.length} of ${chosen.length} judged`);
    },
  });
  return reportOn(mutants, verdicts, chosen.length, red);
}

await runProgram(USAGE, async (args) => {
  const options = readOptions(args);
  const report = await mutate(options);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${linesOf(report).join('\n')}\n`);
  return report.failures.length === 0 ? EXIT.green : EXIT.found;
});
