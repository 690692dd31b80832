import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** Every state below a node, each before those within it, in the order of the source. */
export const nodesBelow = (node: AnyStateNode): readonly AnyStateNode[] =>
  Object.values(node.states).flatMap((child: AnyStateNode) => [child, ...nodesBelow(child)]);

/** Every transition of a machine: a chart and a count of visits number them alike. */
export const transitionsOf = ({ root }: AnyStateMachine): readonly AnyTransitionDefinition[] =>
  [root, ...nodesBelow(root)].flatMap((node) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])]);

export const pathOf = (node: AnyStateNode): string => node.path.join('.');

/** The one sub-state a state begins with; a parallel one begins with all of them. */
export const initialOf = (node: AnyStateNode): AnyStateNode | undefined =>
  node.type === 'compound' ? node.initial.target[0] : undefined;

/** Where one arrives who enters a state. */
export function settle(node: AnyStateNode): AnyStateNode {
  const first = initialOf(node);
  return first === undefined ? node : settle(first);
}
