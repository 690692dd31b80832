import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { listOf, transitionOf, valueAt } from './config.js';
import type { Path, RawAction, RawTransition } from './config.js';

/** All transitions for one event in one state, in the order they are judged. */
export interface TransitionList {
  readonly node: AnyStateNode;
  /** Where the list stands in the config. */
  readonly path: Path;
  readonly eventType: string;
  readonly written: readonly RawTransition[];
  readonly definitions: readonly AnyTransitionDefinition[];
}

/** What a state does on the way in or out. */
export interface ActionList {
  readonly node: AnyStateNode;
  readonly path: Path;
  readonly when: 'entry' | 'exit';
  readonly written: readonly RawAction[];
}

/** A deadline of a state. */
export interface Delay {
  readonly node: AnyStateNode;
  /** Of all deadlines of the state. */
  readonly path: Path;
  readonly delay: string;
}

interface Invocation {
  readonly id: string;
}

export const nodesOf = (node: AnyStateNode): readonly AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap((child) => nodesOf(child)),
];

const pathOf = (node: AnyStateNode): Path => node.path.flatMap((key) => ['states', key]);

const keysAt = (config: unknown, path: Path): readonly string[] => Object.keys(valueAt(config, path) ?? {});

export function transitionLists(machine: AnyStateMachine): readonly TransitionList[] {
  const { config } = machine;
  return nodesOf(machine.root).flatMap((node) => {
    const own = pathOf(node);
    const invocations = listOf(valueAt(config, [...own, 'invoke']) as Invocation | readonly Invocation[] | undefined);
    const isOne = !Array.isArray(valueAt(config, [...own, 'invoke']));
    const places = [
      ...keysAt(config, [...own, 'on']).map((event) => ({ path: [...own, 'on', event], eventType: event })),
      ...keysAt(config, [...own, 'after']).map((delay) => ({
        path: [...own, 'after', delay],
        eventType: `xstate.after.${delay}.${node.id}`,
      })),
      { path: [...own, 'always'], eventType: '' },
      ...invocations.flatMap(({ id }, i) =>
        (['onDone', 'onError'] as const).map((answer) => ({
          path: [...own, 'invoke', ...(isOne ? [] : [i]), answer],
          eventType: `xstate.${answer === 'onDone' ? 'done' : 'error'}.actor.${id}`,
        })),
      ),
    ];
    return places
      .filter(({ path }) => valueAt(config, path) !== undefined)
      .map(({ path, eventType }): TransitionList => ({
        ...{ node, path, eventType },
        written: listOf(valueAt(config, path)).map((one) => transitionOf(one)),
        definitions: definitionsFor(node, eventType),
      }));
  });
}

const definitionsFor = (node: AnyStateNode, eventType: string): readonly AnyTransitionDefinition[] =>
  eventType === '' ? (node.always ?? []) : (node.transitions.get(eventType) ?? []);

export const actionLists = (machine: AnyStateMachine): readonly ActionList[] =>
  nodesOf(machine.root).flatMap((node) =>
    (['entry', 'exit'] as const).flatMap((when) => {
      const path = [...pathOf(node), when];
      const written = listOf(valueAt(machine.config, path) as RawAction | readonly RawAction[] | undefined);
      return written.length === 0 ? [] : [{ node, path, when, written }];
    }),
  );

export const delaysOf = (machine: AnyStateMachine): readonly Delay[] =>
  nodesOf(machine.root).flatMap((node) => {
    const path = [...pathOf(node), 'after'];
    return keysAt(machine.config, path).map((delay) => ({ node, path, delay }));
  });
