import pc from 'picocolors';
import type { Line, Measurement } from '../harness/line.js';
import type { Machine } from './machine.js';

type Row = readonly string[];

const HEADER: Row = ['', 'ours', 'floor', 'ratio', 'rounds between', 'goal', ''];

/** The lines as a table, goals missed marked as such; beside a pinned line what it is without the pinning. */
export function table(lines: readonly Line[]): string {
  const rows = lines.flatMap((line): Row[] =>
    line.unpinned === null ? [rowOf(line)] : [rowOf(line), besideOf(line, line.unpinned)],
  );
  const widths = HEADER.map((_, column) => Math.max(...[HEADER, ...rows].map((row) => row[column]?.length ?? 0)));
  const text = ([title = '', ...cells]: Row): string =>
    [
      title.padEnd(widths[0] ?? 0),
      ...cells.slice(0, -1).map((cell, i) => cell.padStart(widths[i + 1] ?? 0)),
      cells.at(-1),
    ].join('  ');
  const marked = (row: Row): string => {
    const mark = row.at(-1);
    if (mark === MISSED) return pc.red(text(row));
    return mark === '' ? pc.dim(text(row)) : text(row);
  };
  return [pc.bold(text(HEADER)), ...rows.map(marked)].join('\n').replace(/ +$/gm, '');
}

export function machineText(machine: Machine): string {
  const { cpu, cores, memory_gib, system, node, python, numpy, pinned_to_core, node_flags, load_before, load_after } =
    machine;
  return [
    `${cpu}, ${cores} cores, ${memory_gib} GiB, ${system}`,
    `Node ${node}${node_flags.length === 0 ? '' : ` ${node_flags.join(' ')}`}, Python ${python}, NumPy ${numpy ?? 'none'}`,
    pinned_to_core === null
      ? 'nothing pinned: there is no taskset here'
      : `round trips pinned to core ${pinned_to_core}`,
    `load ${load_before.toFixed(2)} before, ${load_after.toFixed(2)} after, ${machine.took_s} s`,
  ].join('\n');
}

/** What stands below the table: how something was measured, or why it was not. */
export const notes = (lines: readonly Line[]): string =>
  [...new Set(lines.flatMap(({ name, note }) => (note === null ? [] : [`${name.replace(/-.*/, '')}: ${note}`])))].join(
    '\n',
  );

const MISSED = 'missed';

function rowOf(line: Line): Row {
  const { title, unit, value, goal_text: goal, met } = line;
  if (value === null) return [title, '–', '–', '–', '', goal, MISSED];
  return [title, ...numbersOf({ ...line, value }, unit), goal, met ? 'met' : MISSED];
}

const besideOf = (line: Line, unpinned: Measurement): Row => ['  unpinned', ...numbersOf(unpinned, line.unit), '', ''];

const numbersOf = ({ value, floor, ratio, spread }: Measurement, unit: string): Row => [
  `${number(value)} ${unit}`,
  floor === null ? '–' : `${number(floor)} ${unit}`,
  ratio === null ? '–' : ratio.toFixed(2),
  spread === null ? '' : `${spread.q1.toFixed(2)} – ${spread.q3.toFixed(2)}`,
];

const number = (value: number): string => (value >= 1000 ? value.toFixed(0) : value.toPrecision(3));
