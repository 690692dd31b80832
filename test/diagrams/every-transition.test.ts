import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { MACHINES } from '../../machines/index.js';
import { diagramJsonSchema, drawMachine, readChart } from '../../src/diagrams/index.js';
import { foreignMachine, transitionCount } from './support/charts.js';

/** A drawing that leaves a transition out, or shows one twice, would be believed. */
const indices = (count: number): readonly number[] => Array.from({ length: count }, (_none, i) => i);
const isMove = ({ from, to }: { from: string | null; to: string | null }): boolean =>
  from !== null && to !== null && from !== to;

describe.each([...MACHINES, foreignMachine].map((machine) => [machine.id, machine] as const))(
  'every transition of %s is shown once',
  (_id, machine) => {
    const count = transitionCount(machine);
    const { transitions } = readChart(machine);

    test('in the chart', () => {
      expect(transitions.map(({ index }) => index)).toEqual(indices(count));
    });

    test('in JSON, which keeps to its schema', async () => {
      const data = JSON.parse(await drawMachine(machine, { format: 'json' })) as { transitions: { index: number }[] };
      expect(data.transitions.map(({ index }) => index)).toEqual(indices(count));
      const validate = new Ajv2020.default({ strict: true, allowUnionTypes: true }).compile(diagramJsonSchema());
      expect([validate(data), validate.errors]).toEqual([true, null]);
    });

    test('in Mermaid', async () => {
      const lines = (await drawMachine(machine, { format: 'mermaid' })).split('\n');
      const arrows = lines.flatMap((line) => / --> \w+ : (.*)$/.exec(line)?.[1]?.split('<br/>') ?? []);
      const stays = lines.filter((line) => / : (stays on|enters anew on) /.test(line));
      const anywhere = lines.filter((line) => / anywhere : (?!runs |on entry |on exit )/.test(line));
      expect(arrows).toHaveLength(transitions.filter(isMove).length);
      expect(arrows.length + stays.length + anywhere.length).toBe(count);
    });

    test('in Graphviz text', async () => {
      const lines = (await drawMachine(machine, { format: 'dot' })).split('\n');
      const labels = lines.map((line) => /label="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.split('\\l') ?? []);
      const arrows = labels.flatMap((label, i) => (/" -> "/.test(lines[i] ?? '') ? label.slice(0, -1) : []));
      const boxes = labels.flatMap((label, i) => (/" -> "/.test(lines[i] ?? '') ? [] : label));
      const stays = boxes.filter((line) => /^(stays on|enters anew on) /.test(line));
      const anywhere = labels
        .filter((_label, i) => lines[i]?.includes('"(anywhere)"'))
        .flatMap((label) => label.slice(1, -1));
      const held = anywhere.filter((line) => !/^(runs|on entry|on exit) /.test(line));
      expect(arrows.length + stays.length + held.length).toBe(count);
    });
  },
);

describe('a part of a machine', () => {
  test('holds what its states do and what leads in and out, nothing else', async () => {
    const [, machine] = MACHINES;
    if (machine === undefined) throw new Error('no package machine');
    const text = await drawMachine(machine, { format: 'json', state: 'Stopped' });
    const shown = (JSON.parse(text) as { transitions: { index: number }[] }).transitions.map(({ index }) => index);
    const of = (path: string | null): boolean => path !== null && /^Stopped(\.|$)/.test(path);
    const meant = readChart(machine).transitions.filter(({ from, to }) => from !== null && (of(from) || of(to)));
    expect(shown).toEqual(meant.map(({ index }) => index));
  });

  test('that no state has is refused', async () => {
    await expect(drawMachine(foreignMachine, { format: 'dot', state: 'Attic' })).rejects.toThrow(
      new RangeError('the machine "foreign" has no state "Attic"'),
    );
  });
});
