import { flow, paragraph, round, stack } from './flow.js';
import type { Block } from './flow.js';
import type { Layout } from './layout.js';
import type { Scene } from './scene.js';

/** A layout with what stands around it: title above, notes below. */
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly width: number;
  readonly height: number;
  readonly layout: Layout;
  /** Where the layout begins. */
  readonly at: { readonly x: number; readonly y: number };
  readonly blocks: readonly { readonly block: Block; readonly x: number; readonly y: number }[];
}

const MARGIN = 20;
const COLUMN = 260;

export function compose({ title, subtitle, notes }: Scene, layout: Layout): Picture {
  const heading = stack(
    [flow([[{ text: title, tone: 'heading' }]], Infinity), paragraph(subtitle, 'words', Math.max(layout.width, 320))],
    2,
  );
  const width = Math.max(layout.width, heading.width + 2 * MARGIN);
  const at = { x: round((width - layout.width) / 2), y: round(MARGIN - 4 + heading.height) };
  const blocks = [{ block: heading, x: MARGIN, y: MARGIN - 6 }];
  let y = at.y + layout.height;
  for (const { heading: text, paragraphs } of notes) {
    const head = flow([[{ text, tone: 'title' }]], Infinity);
    blocks.push({ block: head, x: MARGIN, y });
    y += head.height + 4;
    const rows = inColumns(paragraphs, width - 2 * MARGIN);
    blocks.push(...rows.blocks.map(({ block, x, y: down }) => ({ block, x: x + MARGIN, y: round(y + down) })));
    y += rows.height + 10;
  }
  return { title, subtitle, width: round(width), height: round(y + 8), layout, at, blocks };
}

/** Paragraphs in columns of even height, the first column first. */
function inColumns(
  paragraphs: Scene['notes'][number]['paragraphs'],
  width: number,
): { blocks: Picture['blocks']; height: number } {
  const count = Math.max(1, Math.min(Math.floor(width / COLUMN), Math.ceil(paragraphs.length / 3)));
  const perColumn = Math.ceil(paragraphs.length / count);
  const columns = Array.from({ length: count }, (_none, i) =>
    flow(paragraphs.slice(i * perColumn, (i + 1) * perColumn), Math.min(COLUMN * 1.6, width / count) - 16),
  );
  const step = Math.min(COLUMN * 1.6, width / count);
  return {
    blocks: columns.map((block, i) => ({ block, x: round(i * step), y: 0 })),
    height: Math.max(...columns.map(({ height }) => height)),
  };
}
