import { MACHINES } from '../../machines/index.js';
import { drawActors, readChart } from '../../src/diagrams/index.js';
import { table } from './markdown.js';

/** docs/machines/README.md: the machines together. */
export async function machineIndex(): Promise<string> {
  const [root] = MACHINES;
  const mermaid = root === undefined ? '' : await drawActors(root, { format: 'mermaid' });
  return [
    '# The machines',
    'Generated from `machines/` by `npm run generate`; do not edit. These are the statecharts that run production: the same\nobjects are executed, drawn, explored, simulated and replayed. How to read the pictures: [Read the\nlifecycle](../guides/read-the-lifecycle.md). To draw one with what a trace of yours visited:\n`procvision diagram package --format svg --trace latest --output package.svg`.',
    '![Which machine spawns which](pictures/actors.svg)',
    table(
      ['Machine', 'Is', 'States', 'Transitions'],
      MACHINES.map((machine) => readChart(machine)).map(({ id, description, states, transitions }) => [
        `[${id}](${id}.md)`,
        description,
        `${states.length}`,
        `${transitions.length}`,
      ]),
    ),
    `<details>\n<summary>The tree as Mermaid text</summary>\n\n\`\`\`mermaid\n${mermaid.trimEnd()}\n\`\`\`\n\n</details>`,
    'As data: `procvision diagram all --format json --output <folder>`; what stands in it says\n[diagram.schema.json](../schemas/diagram.schema.json).',
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
