/**
 * How wide a text is, without a font: advance widths of the Helvetica family (Arial, Liberation Sans and others share
 * them), in thousandths of the font size. Every text is drawn with the length it was measured with, so that another
 * font changes its look and never its place.
 */
const WIDTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [191, "'"],
      [222, 'ijl’'],
      [260, '|'],
      [278, ' !,./:;I[\\]ft'],
      [333, '()-`r'],
      [334, '{}'],
      [355, '"'],
      [389, '*'],
      [469, '^'],
      [500, 'Jckvsxyz'],
      [556, '#$0123456789?L_abdeghnopqu'],
      [584, '+<=>~×'],
      [611, 'FTZ'],
      [667, '&ABEKPSVXY'],
      [722, 'CDHNRUw'],
      [778, 'GOQ'],
      [833, 'Mm'],
      [889, '%'],
      [944, 'W'],
      [1000, '→↻…'],
      [1015, '@'],
    ] as const
  ).flatMap(([width, characters]) => [...characters].map((character) => [character, width] as const)),
);

const UNKNOWN = 667;
/** Bold letters of the same family are so much wider. */
const BOLD = 1.07;

export interface Font {
  readonly size: number;
  readonly bold?: boolean;
}

/** In pixels, to a tenth. */
export function widthOf(text: string, { size, bold = false }: Font): number {
  let width = 0;
  for (const character of text) width += WIDTHS[character] ?? UNKNOWN;
  return Math.round((width * size * (bold ? BOLD : 1)) / 100) / 10;
}
