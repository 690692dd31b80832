import type { AnyStateMachine } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import { drawMachine, readChart, WORDS } from '../../src/diagrams/index.js';
import type { Chart } from '../../src/diagrams/index.js';
import { delaysTable, effectsTable, guardsTable } from './machine-names.js';
import { statesTable, transitionsTable } from './machine-states.js';
import { eventsTable, toldTables } from './machine-events.js';
import { pictureFile, pictureFor } from './machine-pictures.js';
import type { TypeShapes } from './type-shapes.js';

/** docs/machines/<id>.md for every machine: pictures, states, events, guards, delays, effects, transitions. */
export const machinePages = async (shapes: TypeShapes): Promise<[string, string][]> =>
  Promise.all(
    MACHINES.map(async (machine): Promise<[string, string]> => [
      `docs/machines/${machine.id}.md`,
      await page(machine, shapes),
    ]),
  );

async function page(machine: AnyStateMachine, shapes: TypeShapes): Promise<string> {
  const words = WORDS[machine.id] ?? {};
  const chart = readChart(machine, words.states);
  return [
    `# The ${chart.id} machine`,
    `Generated from \`machines/${chart.id}.machine.ts\` by \`npm run generate\`; do not edit. How to read it: [Read the\nlifecycle](../guides/read-the-lifecycle.md).`,
    chart.description,
    ...pictures(chart),
    section('As Mermaid text', await mermaid(machine)),
    `## States\n\n“Waits for” is what leads out of the state; what it takes without leaving stands with the [transitions](#transitions).\n\n${statesTable(chart)}`,
    `## Events\n\n${eventsTable(chart, words, shapes)}`,
    ...toldTables(chart.id, shapes),
    ...guardsTable(chart, words),
    ...delaysTable(chart, words),
    ...effectsTable(machine, chart, words, shapes),
    `## Transitions\n\nThe first row whose guard holds is taken; \`stays\` means that the state does not change. \`(any)\` holds wherever a state\nsays nothing of its own.\n\n${transitionsTable(chart)}`,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** The whole and, of a large machine, first an overview and then its parts. */
function pictures({ id, states }: Chart): string[] {
  const own = pictureFor(id, states);
  const image = (file: string, what: string): string => `![${what}](pictures/${file})`;
  if (own.parts.length === 0) return [image(pictureFile(id), `The ${id} machine`)];
  return [
    image(pictureFile(id, { folded: true }), `The states of the first level of the ${id} machine`),
    `That is the overview. State by state below; [all of it in one picture](pictures/${pictureFile(id)}).`,
    ...own.parts.flatMap((state) => [
      `### ${state}`,
      image(pictureFile(id, { state }), `${state} of the ${id} machine`),
    ]),
  ];
}

const mermaid = async (machine: AnyStateMachine): Promise<string> =>
  `\`\`\`mermaid\n${(await drawMachine(machine, { format: 'mermaid' })).trimEnd()}\n\`\`\``;

const section = (summary: string, content: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
