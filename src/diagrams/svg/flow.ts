import { widthOf } from './measure.js';
import type { Font } from './measure.js';

/** What a piece of text says, for the painter. */
export type Tone =
  'heading' | 'title' | 'words' | 'event' | 'after' | 'failed' | 'guard' | 'faint' | 'count' | 'target';

export interface Piece {
  readonly text: string;
  readonly tone: Tone;
  /** The transitions it stands for: a guard of an event, or the event itself. */
  readonly transitions?: readonly number[];
  /** Shown while the pointer rests on it. */
  readonly tip?: string;
  /** It belongs to the piece before it and never begins a line. */
  readonly glued?: boolean;
  /** Drawn pale: never visited. */
  readonly pale?: boolean;
}

/** A piece in its place; `x` from the left of the block, `y` the baseline from its top. */
export interface Placed extends Piece {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Block {
  readonly pieces: readonly Placed[];
  readonly width: number;
  readonly height: number;
}

export const FONTS: Readonly<Record<Tone, Font>> = {
  heading: { size: 18, bold: true },
  title: { size: 13, bold: true },
  words: { size: 11 },
  event: { size: 11 },
  after: { size: 11 },
  failed: { size: 11 },
  guard: { size: 10.5 },
  faint: { size: 10.5 },
  count: { size: 10, bold: true },
  target: { size: 11 },
};

const LINE = 14.5;
const BASELINE = 11;
const GAP = 4;
const HANGING = 10;

export const EMPTY_BLOCK: Block = { pieces: [], width: 0, height: 0 };

/** Paragraphs of pieces, each wrapped within the width; lines after the first of a paragraph are set in. */
export function flow(paragraphs: readonly (readonly Piece[])[], widthMax: number): Block {
  const pieces: Placed[] = [];
  let y = 0;
  let widest = 0;
  for (const paragraph of paragraphs) {
    let x = 0;
    for (const [i, piece] of paragraph.entries()) {
      const width = widthOf(piece.text, FONTS[piece.tone]);
      const together = paragraph.slice(i + 1, endOfGlued(paragraph, i + 1));
      const whole = together.reduce((sum, next) => sum + GAP + widthOf(next.text, FONTS[next.tone]), width);
      if (i > 0 && piece.glued !== true && x + whole > widthMax) {
        x = HANGING;
        y += LINE;
      }
      pieces.push({ ...piece, x, y: round(y + BASELINE), width });
      widest = Math.max(widest, x + width);
      x = round(x + width + GAP);
    }
    y += LINE;
  }
  return { pieces, width: round(widest), height: round(y) };
}

/** Where the pieces end that belong to the one before. */
function endOfGlued(paragraph: readonly Piece[], from: number): number {
  let end = from;
  while (paragraph[end]?.glued === true) end += 1;
  return end;
}

/** Words of a sentence, wrapped. */
export function paragraph(text: string, tone: Tone, widthMax: number): Block {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, FONTS[tone]) <= widthMax) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return flow(
    lines.map((line) => [{ text: line, tone }]),
    Infinity,
  );
}

/** Blocks one below the other. */
export function stack(blocks: readonly Block[], gap: number): Block {
  const shown = blocks.filter(({ height }) => height > 0);
  const pieces: Placed[] = [];
  let y = 0;
  for (const [i, block] of shown.entries()) {
    if (i > 0) y += gap;
    pieces.push(...block.pieces.map((piece) => ({ ...piece, y: round(piece.y + y) })));
    y += block.height;
  }
  return { pieces, width: Math.max(0, ...shown.map(({ width }) => width)), height: round(y) };
}

export const round = (value: number): number => Math.round(value * 10) / 10;
