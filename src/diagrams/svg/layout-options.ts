import type { LayoutOptions } from 'elkjs/lib/elk-api.js';
import type { Rect } from './rect.js';

const LEVEL: LayoutOptions = {
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.thoroughness': '20',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
};

/** How a picture is laid out: layers from top to bottom, labels on their edges, coordinates of the whole picture. */
export const OPTIONS: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.randomSeed': '1',
  'elk.padding': '[top=16,left=16,bottom=16,right=16]',
  // Groups have it not: with edges that cross their borders, it fails there.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  ...LEVEL,
};

/** A group is laid out like the picture it lies in. */
export const optionsOfBox = ({ width, height }: Pick<Rect, 'width' | 'height'>): LayoutOptions => ({
  ...LEVEL,
  'elk.padding': `[top=${height + 10},left=16,bottom=16,right=16]`,
  'elk.nodeSize.constraints': 'MINIMUM_SIZE',
  'elk.nodeSize.minimum': `(${width},${height})`,
});

/** A label stands in its edge's way, so that nobody has to guess whose it is. */
export const LABEL_OPTIONS: LayoutOptions = { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' };
