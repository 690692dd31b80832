import { cutText, visibleText } from '../base/errors/index.js';
import type { Colors } from './colors.js';

/** Text, or text with the colour it is printed in: widths are those of the bare text. */
export type Cell = string | readonly [text: string, paint: (text: string) => string];

/** Rows under headings, columns as wide as their widest cell; the last one is not padded. */
export function table(headings: readonly string[], given: readonly (readonly Cell[])[], colors: Colors): string[] {
  const rows = given.map((row) => row.map((cell, i) => shownCell(cell, i === headings.length - 1)));
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => textOf(row[i]).length)));
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, i) => {
        const padding = i === headings.length - 1 ? '' : ' '.repeat((widths[i] ?? 0) - textOf(cell).length);
        return (typeof cell === 'string' ? cell : cell[1](cell[0])) + padding;
      })
      .join('  ')
      .trimEnd();
  return [line(headings.map((heading) => [heading, colors.bold] as const)), ...rows.map(line)];
}

/** As wide as it is seen. The last column is nobody's neighbour and is cut like any line. */
function shownCell(cell: Cell, isLast: boolean): Cell {
  if (isLast) return cell;
  const shown = (text: string): string => visibleText(cutText(text, CELL_CHARACTERS_MAX));
  return typeof cell === 'string' ? shown(cell) : [shown(cell[0]), cell[1]];
}

const CELL_CHARACTERS_MAX = 200;

const textOf = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : (cell?.[0] ?? ''));
