import { BOLD, REGULAR, UNKNOWN } from './advances.js';

/**
 * How wide a text is, without a font. Nobody knows which one a viewer has, so every character is as wide as in the widest
 * of those that pictures are usually drawn with. Every text is drawn with the length it was measured with: where that is
 * heeded, another font changes its look and never its place; where it is not, it is narrower than its place.
 */
export interface Font {
  readonly size: number;
  readonly bold?: boolean;
}

/** In pixels, to a tenth, rounded up. */
export function widthOf(text: string, { size, bold = false }: Font): number {
  const advances = bold ? BOLD : REGULAR;
  let width = 0;
  for (const character of text) width += advances[character] ?? UNKNOWN;
  return Math.ceil((width * size) / 100) / 10;
}
