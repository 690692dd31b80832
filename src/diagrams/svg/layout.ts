import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import { backwardEdges } from './backward.js';
import { round } from './flow.js';
import { LABEL_OPTIONS, OPTIONS, optionsOfBox } from './layout-options.js';
import type { Rect } from './rect.js';
import type { BoxShape, Scene, SceneBox, SceneEdge } from './scene.js';

export interface LaidBox extends Rect {
  readonly box: SceneBox;
  /** How many boxes it lies in. */
  readonly depth: number;
}

export interface LaidEdge {
  readonly edge: SceneEdge;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where its label stands; null: it has none. */
  readonly label: Rect | null;
}

/** A scene with everything in its place; all coordinates are those of the picture. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Boxes before what lies in them. */
  readonly boxes: readonly LaidBox[];
  readonly edges: readonly LaidEdge[];
}

/** Places a scene: hierarchical layers, edges at right angles. The same scene is placed alike, always. */
export async function layOut(
  { boxes, edges }: Pick<Scene, 'boxes' | 'edges'>,
  own: LayoutOptions = {},
): Promise<Layout> {
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const backward = backwardEdges({ boxes, edges });
  const graph: ElkNode = {
    id: 'picture',
    layoutOptions: { ...OPTIONS, ...own },
    children: boxes.map(nodeOf),
    edges: edges.map((edge) => edgeOf(edge, backward.has(edge.id))),
  };
  const laid = await new elk.default().layout(graph);
  const byId = new Map(edges.map((edge) => [edge.id, edge]));
  return {
    width: round(laid.width ?? 0),
    height: round(laid.height ?? 0),
    boxes: boxesOf(boxes, laid.children ?? [], 0),
    edges: (laid.edges ?? []).flatMap((edge) => {
      const known = byId.get(edge.id ?? '');
      return known === undefined ? [] : [laidEdge(known, edge, backward.has(known.id))];
    }),
  };
}

/** Between a box's border and what stands in it. */
export const PADDING = { x: 10, top: 7, bottom: 8 };
const DOT = 10;
const WIDTH_MIN: Readonly<Record<BoxShape, number>> = {
  state: 76,
  final: 76,
  group: 76,
  ghost: 60,
  note: 0,
  dot: DOT,
};

function nodeOf(box: SceneBox): ElkNode {
  if (box.shape === 'dot') return { id: box.id, width: DOT, height: DOT };
  const { content } = box;
  const size = {
    width: Math.max(WIDTH_MIN[box.shape], content.width + 2 * PADDING.x),
    height: content.height + PADDING.top + PADDING.bottom,
  };
  if (box.children.length === 0) return { id: box.id, ...size };
  return { id: box.id, layoutOptions: optionsOfBox(size), children: box.children.map(nodeOf) };
}

const edgeOf = ({ id, from, to, label }: SceneEdge, leadsBack: boolean): ElkExtendedEdge => ({
  id,
  sources: [leadsBack ? to : from],
  targets: [leadsBack ? from : to],
  ...(label.width === 0
    ? {}
    : {
        labels: [
          {
            id: `${id} label`,
            text: id,
            width: label.width + 2 * LABEL_PADDING,
            height: label.height,
            layoutOptions: LABEL_OPTIONS,
          },
        ],
      }),
});

export const LABEL_PADDING = 4;

function boxesOf(boxes: readonly SceneBox[], nodes: readonly ElkNode[], depth: number): LaidBox[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return nodes.flatMap((node) => {
    const box = byId.get(node.id);
    return box === undefined
      ? []
      : [{ box, depth, ...rectOf(node) }, ...boxesOf(box.children, node.children ?? [], depth + 1)];
  });
}

function laidEdge(edge: SceneEdge, { sections = [], labels = [] }: ElkExtendedEdge, leadsBack: boolean): LaidEdge {
  const placed = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);
  const [label] = labels;
  return {
    edge,
    points: (leadsBack ? placed.reverse() : placed).map(({ x, y }) => ({ x: round(x), y: round(y) })),
    label: label === undefined ? null : rectOf(label),
  };
}

const rectOf = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rect>): Rect => ({
  x: round(x),
  y: round(y),
  width: round(width),
  height: round(height),
});
