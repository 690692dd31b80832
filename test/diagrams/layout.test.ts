import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/diagrams/svg/layout.js';
import type { LaidBox, Layout } from '../../src/diagrams/svg/layout.js';
import { paint } from '../../src/diagrams/svg/paint.js';
import { compose } from '../../src/diagrams/svg/picture.js';
import type { Rect } from '../../src/diagrams/svg/rect.js';
import { scenes } from './support/charts.js';
import { textsIn, widthIn } from './support/drawn-texts.js';
import { FAMILIES } from './support/font-advances.js';

/** Half a pixel of rounding is no overlap. */
const SLACK = 0.5;
const overlap = (a: Rect, b: Rect): boolean =>
  a.x + a.width > b.x + SLACK &&
  b.x + b.width > a.x + SLACK &&
  a.y + a.height > b.y + SLACK &&
  b.y + b.height > a.y + SLACK;
const lieWithin = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x - SLACK &&
  inner.y >= outer.y - SLACK &&
  inner.x + inner.width <= outer.x + outer.width + SLACK &&
  inner.y + inner.height <= outer.y + outer.height + SLACK;

const pairs = <T>(list: readonly T[]): (readonly [T, T])[] =>
  list.flatMap((a, i) => list.slice(i + 1).map((b) => [a, b] as const));
const holds = (outer: LaidBox, inner: LaidBox): boolean =>
  outer.box.children.some((child) => child === inner.box || holds({ ...outer, box: child }, inner));
const leaves = ({ boxes }: Layout): readonly LaidBox[] => boxes.filter(({ box }) => box.children.length === 0);
const labels = ({ edges }: Layout) =>
  edges.flatMap(({ edge, label }) => (label === null ? [] : [{ id: edge.id, ...label }]));

/** The straight pieces of an edge as thin rectangles, without their very ends. */
const segments = ({ points }: Layout['edges'][number]): readonly Rect[] =>
  points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    return {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
  });

describe.each(scenes().map(([name, scene]) => [name, scene] as const))('the picture of %s', async (_name, scene) => {
  const layout = await layOut(scene);
  const picture = compose(scene, layout);

  test('has a place for every box and every edge', () => {
    const count = (boxes: typeof scene.boxes): number =>
      boxes.reduce((sum, { children }) => sum + 1 + count(children), 0);
    expect(layout.boxes).toHaveLength(count(scene.boxes));
    expect(layout.edges.map(({ edge }) => edge.id).sort()).toEqual(scene.edges.map(({ id }) => id).sort());
    expect(layout.edges.filter(({ points }) => points.length < 2)).toEqual([]);
  });

  test('has no two boxes in each other’s way', () => {
    const wrong = pairs(layout.boxes).filter(([a, b]) => !holds(a, b) && !holds(b, a) && overlap(a, b));
    expect(wrong.map(([a, b]) => `${a.box.id} and ${b.box.id}`)).toEqual([]);
    const outside = pairs(layout.boxes).filter(([a, b]) => holds(a, b) && !lieWithin(b, a));
    expect(outside.map(([a, b]) => `${b.box.id} sticks out of ${a.box.id}`)).toEqual([]);
  });

  test('has every text in its box, and every box, label and line in the picture', () => {
    const tight = leaves(layout).filter(
      ({ box, width, height }) => box.content.width > width || box.content.height > height,
    );
    expect(tight.map(({ box }) => box.id)).toEqual([]);
    const paper = { x: 0, y: 0, width: layout.width, height: layout.height };
    const lines = layout.edges.flatMap((edge) => segments(edge).map((rect) => ({ id: edge.edge.id, ...rect })));
    const out = [...layout.boxes.map((laid) => ({ id: laid.box.id, ...laid })), ...labels(layout), ...lines];
    expect(out.filter((rect) => !lieWithin(rect, paper)).map(({ id }) => id)).toEqual([]);
    expect(picture.at.x + layout.width).toBeLessThanOrEqual(picture.width + SLACK);
    expect(picture.at.y + layout.height).toBeLessThanOrEqual(picture.height + SLACK);
    const blocks = picture.blocks.filter(
      ({ block, x, y }) => x + block.width > picture.width || y + block.height > picture.height,
    );
    expect(blocks).toEqual([]);
  });

  // The fonts are not on every machine that runs the tests: their advance widths are.
  test.each(Object.entries(FAMILIES))('has every text in its place, drawn in %s', (_family, advances) => {
    const texts = textsIn(paint(picture));
    expect(texts.length).toBeGreaterThan(3);
    // NaN for a character that nobody has measured.
    expect(texts.filter((text) => !(widthIn(advances, text) <= text.place + 0.05))).toEqual([]);
  });

  test('has no label over another one or over a state', () => {
    const over = pairs(labels(layout)).filter(([a, b]) => overlap(a, b));
    expect(over.map(([a, b]) => `${a.id} and ${b.id}`)).toEqual([]);
    const hiding = labels(layout).flatMap((label) =>
      leaves(layout).flatMap((leaf) => (overlap(label, leaf) ? [`${label.id} and ${leaf.box.id}`] : [])),
    );
    expect(hiding).toEqual([]);
  });

  test('has no line through a state', () => {
    const through = layout.edges.flatMap((edge) =>
      segments(edge).flatMap((segment) =>
        leaves(layout).flatMap((leaf) => (overlap(segment, leaf) ? [`${edge.edge.id} through ${leaf.box.id}`] : [])),
      ),
    );
    expect(through).toEqual([]);
  });
});
