/**
 * `npm run verify [-- --json] [--deep] [--only <scenario>] [--walks <events>] [--seed <n>] [--budget <seconds>]`:
 * explores every scenario exhaustively and compares the explored world with the running one (docs/verification.md).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Exploration } from '../../src/exploration/index.js';
import { verify } from './verify.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    deep: { type: 'boolean', default: false },
    only: { type: 'string' },
    walks: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    /** Seconds a scenario may take. */
    budget: { type: 'string' },
    /** Where the sequence diagrams of violations go. */
    diagrams: { type: 'string' },
  },
});

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

if (!values.json)
  print(['scenario'.padEnd(34), '   states', 'transitions'.padStart(10), ' depth', ' seconds', 'verdict'].join('  '));
const verification = verify({
  faults: values.deep ? 2 : 1,
  walkEvents: Number(values.walks),
  seed: Number(values.seed),
  ...(values.only === undefined ? {} : { only: values.only }),
  ...(values.budget === undefined ? {} : { secondsMax: Number(values.budget) }),
  onExplored: (exploration) => (values.json ? undefined : print(row(exploration))),
});

const { explorations, likeness, taken, transitions, statesEntered, statesInAll, met, rssMb, failures } = verification;
const sum = (of: (exploration: Exploration) => number): number => explorations.reduce((all, one) => all + of(one), 0);
const summary = {
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
const diagrams = explorations.flatMap(({ violations }) => violations.map(({ diagram }) => diagram));
if (values.diagrams !== undefined && diagrams.length > 0) writeFileSync(values.diagrams, diagrams.join('\n\n'));
if (values.json) {
  const scenarios = explorations.map(({ taken: _taken, ...rest }) => rest);
  print(JSON.stringify({ ...summary, scenarios, taken }, null, 2));
} else {
  const { failures: _failures, ...numbers } = summary;
  print(
    `\n${Object.entries(numbers)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join('\n')}`,
  );
  for (const failure of failures) print(`\nFAILED: ${failure}`);
  for (const diagram of diagrams.slice(0, 1)) print(`\n${diagram}`);
  print(failures.length === 0 ? '\nAll is well.' : `\n${failures.length} failures.`);
}
process.exitCode = failures.length === 0 ? 0 : 1;
