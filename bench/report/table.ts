import pc from 'picocolors';
import type { Line, Measurement } from '../harness/line.js';
import type { Machine } from './machine.js';
import { number } from './number.js';

interface Row {
  readonly kind: 'header' | 'met' | 'missed' | 'figure' | 'beside';
  readonly cells: readonly string[];
}

const HEADER: Row = {
  kind: 'header',
  cells: ['', 'ours', 'floor', 'ours/floor', 'quartiles', 'goal', '', 'the floor'],
};
/** Columns of words; the others hold numbers and end flush. */
const LEFT = new Set([0, 6, 7]);

/** The lines as a table, with what a pinned one is without the pinning under it. */
export function table(lines: readonly Line[]): string {
  const rows = [
    HEADER,
    ...lines.flatMap((line) => (line.unpinned === null ? [rowOf(line)] : [rowOf(line), besideOf(line, line.unpinned)])),
  ];
  const widths = HEADER.cells.map((_, column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    LEFT.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map(({ kind, cells }) => PAINT[kind](cells.map(pad).join('  ').trimEnd())).join('\n');
}

const PAINT: Readonly<Record<Row['kind'], (text: string) => string>> = {
  header: pc.bold,
  met: (text) => text,
  missed: pc.red,
  figure: (text) => text,
  beside: pc.dim,
};

export function machineText(machine: Machine): string {
  const { cpu, cores, memory_gib, system, node, python, numpy, pinned_to_core: core, node_flags: flags } = machine;
  return [
    `${cpu}, ${cores} cores, ${memory_gib} GiB, ${system}`,
    [`Node ${node}`, ...flags, `· Python ${python} · NumPy ${numpy ?? 'none'} · Runner ${machine.runner}`].join(' '),
    core === null ? 'nothing pinned: there is no taskset here' : `round trips pinned to core ${core}`,
    `load ${machine.load_before.toFixed(2)} before, ${machine.load_after.toFixed(2)} after · ${machine.took_s} s`,
  ].join('\n');
}

/** What stands below the table: how something was measured, or why it was not. */
export const notes = (lines: readonly Line[]): string =>
  [...new Set(lines.flatMap(({ note }) => (note === null ? [] : [note])))].join('\n');

function rowOf(line: Line): Row {
  const { title, value, judged, goal_text: goal, met, floor_title: floorTitle } = line;
  const kind = met === null ? 'figure' : met ? 'met' : 'missed';
  if (value === null || judged === null)
    return { kind, cells: [title, '–', '–', '–', '', goal, 'not measured', floorTitle] };
  return {
    kind,
    cells: [title, ...numbersOf({ ...line, value, judged }, line), goal, met === null ? '' : kind, floorTitle],
  };
}

const besideOf = (line: Line, unpinned: Measurement): Row => ({
  kind: 'beside',
  cells: ['  unpinned', ...numbersOf(unpinned, line)],
});

function numbersOf({ value, floor, ratio, judged, spread }: Measurement, { unit, judged_by: by }: Line): string[] {
  const compared = by === 'difference' ? `+${number(judged)} ${unit}` : (ratio?.toFixed(2) ?? '–');
  return [
    `${number(value)} ${unit}`,
    floor === null ? '–' : `${number(floor)} ${unit}`,
    compared,
    spread === null ? '' : `${spread.q1.toFixed(2)} – ${spread.q3.toFixed(2)}`,
  ];
}
