import { FONTS } from '../../../src/diagrams/svg/flow.js';
import type { Tone } from '../../../src/diagrams/svg/flow.js';
import { CHARACTERS } from './font-advances.js';
import type { Advances } from './font-advances.js';

/** A text of an SVG, and the width that was kept for it. */
export interface DrawnText {
  readonly words: string;
  readonly tone: Tone;
  readonly place: number;
}

export const textsIn = (svg: string): readonly DrawnText[] =>
  [...svg.matchAll(/<text class="(\w+)[^"]*" [^>]*textLength="([\d.]+)"[^>]*>([^<]*)/g)].map(
    ([, tone = '', place = '', words = '']) => ({ tone: tone as Tone, place: Number(place), words: unescaped(words) }),
  );

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** In pixels, as a viewer draws it that has this font and does not heed `textLength`. */
export function widthIn({ regular, bold }: Advances, { words, tone }: DrawnText): number {
  const { size, bold: isBold = false } = FONTS[tone];
  const advances = isBold ? bold : regular;
  const sum = [...words].reduce((width, character) => width + (advances[CHARACTERS.indexOf(character)] ?? NaN), 0);
  return (sum * size) / 1000;
}
