import type { Scene, SceneBox } from './scene.js';

/**
 * Edges that lead back, to a box that comes earlier: they are laid out the other way round, so that a chart runs from
 * top to bottom in the order in which its states were written down, and has no cycles.
 */
export function backwardEdges({ boxes, edges }: Pick<Scene, 'boxes' | 'edges'>): ReadonlySet<string> {
  const order = new Map(inOrder(boxes).map((id, i) => [id, i]));
  const placeOf = (id: string): number => order.get(id) ?? 0;
  return new Set(edges.filter(({ from, to }) => placeOf(from) > placeOf(to)).map(({ id }) => id));
}

const inOrder = (boxes: readonly SceneBox[]): readonly string[] =>
  boxes.flatMap(({ id, children }) => [id, ...inOrder(children)]);
