import type { Colors } from './colors.js';

/** Text, or text with the colour it is printed in: widths are those of the bare text. */
export type Cell = string | readonly [text: string, paint: (text: string) => string];

/** Rows under headings, columns as wide as their widest cell; the last one is not padded. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[], colors: Colors): string[] {
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

const textOf = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : (cell?.[0] ?? ''));
