import type { AnyStateMachine } from 'xstate';
import { sayPreset } from '../../src/diagrams/index.js';
import type { Chart, MachineWords } from '../../src/diagrams/index.js';
import { code, sentence, table } from './markdown.js';
import type { TypeShapes } from './type-shapes.js';

export function guardsTable({ transitions }: Chart, { guards = {} }: MachineWords): string[] {
  const used = [...new Set(transitions.flatMap(({ guard }) => (guard === '' ? [] : [guard.replace(/\(.*/, '')])))];
  if (used.length === 0) return [];
  return [
    `## Guards\n\n${table(
      ['Guard', 'Holds when'],
      used.map((name) => [`\`${name}\``, guards[name] ?? '']),
    )}`,
  ];
}

export function delaysTable({ transitions }: Chart, { delays = {} }: MachineWords): string[] {
  const used = [
    ...new Set(transitions.flatMap(({ kind, event }) => (kind === 'after' ? [event.slice('after '.length)] : []))),
  ];
  if (used.length === 0) return [];
  const rows = used.map((name) => {
    const known = delays[name];
    return [
      `\`${name}\``,
      known === undefined ? '' : sayPreset(known),
      known?.option === undefined ? '–' : `\`${known.option}\``,
      sentence(known?.says ?? ''),
    ];
  });
  return [`## Delays\n\n${table(['Delay', 'Default', 'Option', 'Is'], rows)}`];
}

/** Effects and machines it sets off, with how each may answer. */
export function effectsTable(
  machine: AnyStateMachine,
  chart: Chart,
  { effects = {} }: MachineWords,
  shapes: TypeShapes,
): string[] {
  const names = Object.keys(machine.implementations.actors);
  if (names.length === 0) return [];
  const rows = names.map((name) => [
    `\`${name}\``,
    effects[name] ?? '',
    given(shapes.effects.get(name)?.input),
    answers(name, chart, shapes.effects.get(name)?.output),
  ]);
  return [`## Effects and machines it sets off\n\n${table(['Name', 'Does', 'Given', 'Answers'], rows)}`];
}

const given = (input: string | undefined): string =>
  input === undefined || input === 'undefined' ? '' : `\`${input}\``;

/** An effect ends in one of two ways; where each leads, state by state. */
function answers(name: string, chart: Chart, output: string | undefined): string {
  if (output === undefined) return 'by its events';
  const ids = new Set(
    chart.states.flatMap(({ effects }) => effects.filter((one) => one.name === name).map(({ id }) => id)),
  );
  const leads = (how: 'done' | 'failed'): string => {
    const to = chart.transitions.flatMap(({ kind, event, enters }) =>
      kind === how && ids.has(event.slice(0, -how.length - 1)) ? [enters ?? 'stays'] : [],
    );
    return code([...new Set(to)]);
  };
  const brings = output === 'void' ? '' : ` with \`${output}\``;
  return `done${brings} → ${leads('done')}; failed with a \`Fault\` → ${leads('failed')}`;
}
