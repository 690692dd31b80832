import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { parentOf } from './chart.js';
import type { Chart, ChartEffect, ChartState, ChartTransition, StateKind } from './chart.js';
import { readEventType, sayEvent } from './event-name.js';
import { initialOf, nodesBelow, pathOf, settle, transitionsOf } from './nodes.js';

/**
 * The chart of any XState machine.
 *
 * @param meanings what states mean, by path, where the machine itself does not say
 */
export function readChart(machine: AnyStateMachine, meanings: Readonly<Record<string, string>> = {}): Chart {
  const { root } = machine;
  const first = initialOf(root);
  return {
    id: machine.id,
    description: root.description ?? '',
    initial: first === undefined ? null : pathOf(first),
    states: nodesBelow(root).map((node) => readState(node, meanings)),
    transitions: transitionsOf(machine).map(readTransition),
    effects: effectsOf(root),
  };
}

function readState(node: AnyStateNode, meanings: Readonly<Record<string, string>>): ChartState {
  const path = pathOf(node);
  return {
    path,
    parent: parentOf(path),
    kind: KINDS[node.type],
    description: node.description ?? meanings[path] ?? '',
    initial: node.parent !== undefined && initialOf(node.parent) === node,
    entry: named(node.entry),
    exit: named(node.exit),
    effects: effectsOf(node),
  };
}

const KINDS: Readonly<Record<AnyStateNode['type'], StateKind>> = {
  atomic: 'atomic',
  compound: 'compound',
  parallel: 'parallel',
  final: 'final',
  history: 'history',
};

const effectsOf = ({ invoke }: AnyStateNode): readonly ChartEffect[] =>
  invoke.map(({ id, src }: { readonly id: string; readonly src: unknown }) => ({
    id,
    name: typeof src === 'string' ? src : id,
  }));

function readTransition(transition: AnyTransitionDefinition, index: number): ChartTransition {
  const { source, target, guard, actions, description } = transition;
  const event = readEventType(transition.eventType as string);
  const to = target?.[0];
  return {
    index,
    from: source.parent === undefined ? null : pathOf(source),
    to: to === undefined ? null : pathOf(to),
    enters: to === undefined ? null : pathOf(settle(to)),
    event: sayEvent(event),
    kind: event.kind,
    guard: guard === undefined ? '' : nameOf(guard),
    otherwise: guard === undefined && comesAfterGuards(transition),
    actions: named(actions),
    description: description ?? '',
  };
}

function comesAfterGuards(transition: AnyTransitionDefinition): boolean {
  const { source } = transition;
  const eventType = transition.eventType as string;
  const all = eventType === '' ? (source.always ?? []) : (source.transitions.get(eventType) ?? []);
  return all.indexOf(transition) > 0;
}

/** Without what XState adds by itself to arm its timers. */
const named = (actions: readonly unknown[]): string[] =>
  actions.flatMap((action) => (isTimer(action) ? [] : [nameOf(action)]));

function isTimer(action: unknown): boolean {
  const { type } = action as { readonly type?: string };
  return type === 'xstate.raise' || type === 'xstate.cancel';
}

/** With what its parameters say: `restsAs(Validated)`, `reportState(Deployed, not ready, resting)`. */
function nameOf(thing: unknown): string {
  if (typeof thing === 'string') return thing;
  if (typeof thing === 'function') return thing.name === '' ? 'inline' : thing.name;
  const { type = 'inline', params = {} } = thing as { type?: string; params?: Readonly<Record<string, unknown>> };
  const values = Object.entries(params).map(([name, value]) => {
    if (typeof value === 'boolean') return value ? name : `not ${name}`;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  return values.length === 0 ? type : `${type}(${values.join(', ')})`;
}
