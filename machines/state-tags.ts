import type { AnyStateNode } from 'xstate';
import { MACHINES } from './machines.js';
import type { Tag } from './tags.js';

interface KnownState {
  readonly tags: ReadonlySet<string>;
  readonly isTimed: boolean;
}

/** Every state of every machine, by machine and whole name, with the tags of the states it lies in. */
const STATES: ReadonlyMap<string, ReadonlyMap<string, KnownState>> = new Map(
  MACHINES.map(({ id, root }) => [id, new Map(statesIn(root, []))]),
);

function statesIn(node: AnyStateNode, above: readonly string[]): [string, KnownState][] {
  const tags = [...above, ...node.tags];
  const own: KnownState = { tags: new Set(tags), isTimed: node.after.length > 0 };
  return [[node.path.join('.'), own], ...Object.values(node.states).flatMap((child) => statesIn(child, tags))];
}

/** Whether a state, given by its whole name as traces have it (`Running.Restarting`), has the tag. */
export const hasTag = (machine: string, state: string, tag: Tag): boolean =>
  STATES.get(machine)?.get(state)?.tags.has(tag) === true;

export const hasAnyTag = (machine: string, state: string, ...tags: readonly Tag[]): boolean =>
  tags.some((tag) => hasTag(machine, state, tag));

/** Whether the state is left by a timer of its own. */
export const isTimed = (machine: string, state: string): boolean => STATES.get(machine)?.get(state)?.isTimed === true;
