import { StateMachine } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { WORDS } from '../words/of-machines.js';

/** Who lives within whom: a machine, the machines it spawns and the effects it asks for. */
export interface ActorTree {
  /** The name its parent knows it by; of the first, its machine's id. */
  readonly name: string;
  /** Null: an effect, which is no machine. */
  readonly machine: string | null;
  readonly description: string;
  readonly children: readonly ActorTree[];
}

/** Read from what each machine declares as its actors. */
export function actorTree(root: AnyStateMachine, name = root.id): ActorTree {
  const says = WORDS[root.id]?.effects ?? {};
  return {
    name,
    machine: root.id,
    description: root.root.description ?? '',
    children: Object.entries(root.implementations.actors).map(([child, logic]) =>
      logic instanceof StateMachine
        ? actorTree(logic as AnyStateMachine, child)
        : { name: child, machine: null, description: says[child] ?? '', children: [] },
    ),
  };
}
