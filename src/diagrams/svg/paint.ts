import { round } from './flow.js';
import type { Block, Placed } from './flow.js';
import { LABEL_PADDING, PADDING } from './layout.js';
import type { LaidBox, LaidEdge } from './layout.js';
import { hueClass } from '../colours.js';
import { style } from './palette.js';
import { roundedPath } from './path.js';
import type { Picture } from './picture.js';
import { escape } from './escape.js';

/** The SVG text of a picture: no script, no font and no file beside it. */
export function paint({ title, subtitle, width, height, layout, at, blocks }: Picture): string {
  const label = `${title}: ${subtitle}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(label)}">`,
    `<title>${escape(label)}</title>`,
    `<style>${style()}</style>`,
    MARKERS,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...blocks.map(({ block, x, y }) => texts(block, x, y)),
    `<g transform="translate(${at.x} ${at.y})">`,
    ...layout.boxes.map(boxShape),
    ...[...layout.edges].sort(paleFirst).map(edgeLine),
    ...layout.boxes.map(boxText),
    ...layout.edges.map(edgeLabel),
    '</g>',
    '</svg>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

/** Arrow heads take the colour of their line. */
const MARKERS = ['plain', 'failed', 'taken', 'pale']
  .map(
    (kind) =>
      `<marker id="${kind}" class="head ${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.6 7.4 4 0 7.4Z"/></marker>`,
  )
  .join('');

const paleFirst = (a: LaidEdge, b: LaidEdge): number =>
  Number((a.edge.count ?? 1) > 0) - Number((b.edge.count ?? 1) > 0);

function boxShape({ box, x, y, width, height }: LaidBox): string {
  if (box.shape === 'dot') return `<circle class="dot" cx="${x + width / 2}" cy="${y + height / 2}" r="${width / 2}"/>`;
  const classes = `box ${box.shape} ${hueClass(box.hue)}${box.pale ? ' pale' : ''}`;
  const frame = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${box.shape === 'group' ? 12 : 8}"/>`;
  const inner =
    box.shape === 'final'
      ? `<rect class="inner" x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="5"/>`
      : '';
  const ruleY = round(y + PADDING.top + box.head);
  const rule = box.head === 0 || box.shape === 'group' ? '' : `<path d="M${x} ${ruleY}H${round(x + width)}"/>`;
  return `<g class="${classes}"><title>${escape(box.tip)}</title>${frame}${inner}${rule}</g>`;
}

/** Lines may cross the heading of a group on their way into it: its text stands out from them. */
const boxText = ({ box, x, y }: LaidBox): string =>
  texts(box.content, x + PADDING.x, y + PADDING.top, `${hueClass(box.hue)}${box.shape === 'group' ? ' halo' : ''}`);

function edgeLine({ edge, points }: LaidEdge): string {
  const state = edge.count === null ? (edge.failed ? 'failed' : 'plain') : edge.count > 0 ? 'taken' : 'pale';
  const classes = `edge ${state}${edge.timed ? ' timed' : ''}`;
  return `<path class="${classes}" d="${roundedPath(points, 6)}" marker-end="url(#${state})"/>`;
}

function edgeLabel({ edge, label }: LaidEdge): string {
  if (label === null) return '';
  const { x, y, width, height } = label;
  return `<rect class="behind" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>${texts(edge.label, x + LABEL_PADDING, y)}`;
}

function texts(block: Block, x: number, y: number, hue = ''): string {
  if (block.pieces.length === 0) return '';
  return `<g${hue === '' ? '' : ` class="${hue}"`}>${block.pieces.map((piece) => text(piece, x, y)).join('')}</g>`;
}

function text({ text: words, tone, tip, transitions, pale = false, ...placed }: Placed, x: number, y: number): string {
  const place = `x="${round(x + placed.x)}" y="${round(y + placed.y)}" textLength="${placed.width}"`;
  const marked = transitions === undefined ? '' : ` data-transitions="${transitions.join(' ')}"`;
  const title = tip === undefined ? '' : `<title>${escape(tip)}</title>`;
  return `<text class="${tone}${pale ? ' pale' : ''}" ${place} lengthAdjust="spacingAndGlyphs"${marked}>${escape(words)}${title}</text>`;
}
