import { MACHINES } from '../../machines/index.js';
import { chartOf } from './chart.js';
import type { Chart, ChartTransition } from './chart.js';
import { mermaidOf } from './mermaid.js';

/** docs/machines/<id>.md for every machine: picture, states, transitions, delays. */
export const machinePages = (): [string, string][] =>
  MACHINES.map((machine) => [
    `docs/machines/${machine.id}.md`,
    page(chartOf(machine), Object.keys(machine.implementations.delays)),
  ]);

const page = (chart: Chart, delays: readonly string[]): string =>
  [
    `# The ${chart.id} machine`,
    '',
    `Generated from \`machines/${chart.id}.machine.ts\` by \`npm run generate\`; do not edit.`,
    '',
    chart.description,
    '',
    '```mermaid',
    mermaidOf(chart),
    '```',
    '',
    '## States',
    '',
    '| State | Meaning | On entry | Effect under way |',
    '|---|---|---|---|',
    ...chart.states.map(
      ({ path, description, entry, effects }) => `| ${path} | ${description} | ${code(entry)} | ${code(effects)} |`,
    ),
    '',
    '## Transitions',
    '',
    'The first row whose guard holds is taken; `stays` means that the state does not change. `(any)` holds wherever a state',
    'says nothing of its own.',
    '',
    '| In | On | If | Goes to | And does |',
    '|---|---|---|---|---|',
    ...chart.transitions.map(row),
    '',
    ...(delays.length === 0 ? [] : ['## Named delays', '', ...delays.map((delay) => `- \`${delay}\``), '']),
  ].join('\n');

const row = ({ from, event, guard, to, actions }: ChartTransition): string =>
  `| ${from} | ${event} | ${guard === '' ? '' : `\`${guard}\``} | ${to ?? 'stays'} | ${code(actions)} |`;

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
