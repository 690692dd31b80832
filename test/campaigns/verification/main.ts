/**
 * `npm run verify [-- --json] [--deep] [--only <scenario>] [--walks <events>] [--seed <n>] [--budget <seconds>]`:
 * explores every scenario exhaustively and compares the explored world with the running one (docs/verification.md).
 */
import { writeFileSync } from 'node:fs';
import { scenariosWith } from '../../../src/testing/exploration/index.js';
import type { Exploration } from '../../../src/testing/exploration/index.js';
import { parseOptions, runProgram, UsageError, wholeNumber } from '../../support/program.js';
import { verify } from './verify.js';
import type { Verification } from './verify.js';

const USAGE = `usage: npm run verify -- [--deep] [--only <scenario>] [--walks <events>] [--seed <n>] [--budget <s>] [--diagrams <file>] [--json]

  --deep             two faults in each scenario instead of one
  --only <scenario>  those whose name holds this
  --walks <events>   of random walks that are compared with the running system; 100000
  --seed <n>         what chance begins with; 1
  --budget <s>       seconds a scenario may take
  --diagrams <file>  where the sequence diagrams of violations go
  --json             one JSON object on stdout instead of the table

Exit code 0: all is well; 1: see "failures"; 64: wrong usage.
`;

const read = (args: readonly string[]) =>
  parseOptions(args, {
    json: { type: 'boolean' },
    deep: { type: 'boolean' },
    only: { type: 'string' },
    walks: { type: 'string' },
    seed: { type: 'string' },
    budget: { type: 'string' },
    diagrams: { type: 'string' },
  });

const HEADINGS = ['scenario'.padEnd(34), '   states', 'transitions'.padStart(10), ' depth', ' seconds', 'verdict'].join(
  '  ',
);

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const row = ({ scenario, closed, states, transitions, depth, seconds, violations }: Exploration): string =>
  [
    scenario.padEnd(34),
    String(states).padStart(9),
    String(transitions).padStart(10),
    String(depth).padStart(6),
    seconds.toFixed(1).padStart(8),
    violations.length > 0 ? `${violations.length} violations` : closed ? 'closed' : 'not closed',
  ].join('  ');

await runProgram(USAGE, (args) => {
  const { json, deep, only, diagrams: diagramFile, ...numbers } = read(args);
  const faults = deep === true ? 2 : 1;
  const names = scenariosWith(faults).map(({ name }) => name);
  if (only !== undefined && !names.some((name) => name.includes(only)))
    throw new UsageError(`there is no scenario ${JSON.stringify(only)}; there are: ${names.join(', ')}`);
  const secondsMax = wholeNumber('budget', numbers.budget, null);
  const walkEvents = wholeNumber('walks', numbers.walks, 100_000);
  const seed = wholeNumber('seed', numbers.seed, 1);
  if (json !== true) print(HEADINGS);
  const verification = verify({
    ...{ faults, walkEvents, seed },
    ...(only === undefined ? {} : { only }),
    ...(secondsMax === null ? {} : { secondsMax }),
    onExplored: (exploration) => (json === true ? undefined : print(row(exploration))),
  });
  const diagrams = verification.explorations.flatMap(({ violations }) => violations.map(({ diagram }) => diagram));
  if (diagramFile !== undefined && diagrams.length > 0) writeFileSync(diagramFile, diagrams.join('\n\n'));
  if (json === true) tellProgram(verification);
  else tellPerson(verification, diagrams);
  return verification.failures.length === 0 ? 0 : 1;
});

function summaryOf({
  explorations,
  likeness,
  taken,
  transitions,
  statesEntered,
  statesInAll,
  met,
  rssMb,
  failures,
}: Verification) {
  const sum = (of: (exploration: Exploration) => number): number => explorations.reduce((all, one) => all + of(one), 0);
  return {
    states: sum(({ states }) => states),
    transitions: sum((one) => one.transitions),
    depth: Math.max(...explorations.map(({ depth }) => depth)),
    seconds: Number(sum(({ seconds }) => seconds).toFixed(1)),
    rss_mb: rssMb,
    invariants_met: met,
    invariant_13_checked: explorations.every(({ closed }) => closed),
    machine_states: `${statesEntered}/${statesInAll}`,
    machine_transitions: `${taken.length}/${transitions}`,
    walk_events: likeness.events,
    walk_mismatches: likeness.mismatch === null ? 0 : 1,
    failures,
  };
}

function tellProgram(verification: Verification): void {
  const { explorations, taken } = verification;
  const scenarios = explorations.map(({ taken: _taken, ...rest }) => rest);
  print(JSON.stringify({ ...summaryOf(verification), scenarios, taken }, null, 2));
}

function tellPerson(verification: Verification, diagrams: readonly string[]): void {
  const { failures, ...numbers } = summaryOf(verification);
  const lines = Object.entries(numbers).map(([name, value]) => `${name}: ${String(value)}`);
  print(`\n${lines.join('\n')}`);
  for (const failure of failures) print(`\nFAILED: ${failure}`);
  for (const diagram of diagrams.slice(0, 1)) print(`\n${diagram}`);
  print(failures.length === 0 ? '\nAll is well.' : `\n${failures.length} failures.`);
}
