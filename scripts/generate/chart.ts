import type { AnyStateMachine, AnyStateNode } from 'xstate';

/**
 * A statechart as plain rows, read from the machine itself: what the pages and pictures are drawn from.
 *
 * Sub-states of Running and Executing have dotted keys instead of a parent (docs/decisions/0003); here they become
 * children again, so that a picture shows what is meant.
 */
export interface ChartState {
  /** `Running.Restarting` */
  readonly path: string;
  readonly description: string;
  readonly initial: boolean;
  readonly final: boolean;
  readonly entry: readonly string[];
  readonly effects: readonly string[];
}

export interface ChartTransition {
  readonly from: string;
  /** null: the state stays as it is. */
  readonly to: string | null;
  readonly event: string;
  readonly guard: string;
  readonly actions: readonly string[];
}

export interface Chart {
  readonly id: string;
  readonly description: string;
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

export function chartOf(machine: AnyStateMachine): Chart {
  const nodes = nodesBelow(machine.root);
  return {
    id: machine.id,
    description: machine.root.description ?? '',
    states: nodes.map((node) => ({
      path: pathOf(node),
      description: node.description ?? '',
      initial: initialOf(node.parent) === node,
      final: node.type === 'final',
      entry: named(node.entry),
      effects: node.invoke.map(({ src }) => (typeof src === 'string' ? src : 'an inline effect')),
    })),
    transitions: [machine.root, ...nodes].flatMap(transitionsOf),
  };
}

/** Only the states whose path matches, and what leads from one of them to another. */
export function partOf({ id, description, states, transitions }: Chart, paths: RegExp): Chart {
  const shown = states.filter(({ path }) => paths.test(path));
  const isShown = (path: string | null): boolean => shown.some((state) => state.path === path);
  return {
    id,
    description,
    states: shown.map((state) => ({ ...state, initial: false })),
    transitions: transitions.filter(({ from, to }) => isShown(from) && isShown(to)),
  };
}

const nodesBelow = (node: AnyStateNode): AnyStateNode[] =>
  Object.values(node.states).flatMap((child: AnyStateNode) => [child, ...nodesBelow(child)]);

const pathOf = (node: AnyStateNode): string => (node.parent === undefined ? '(any)' : node.path.join('.'));

const initialOf = (node: AnyStateNode | undefined): AnyStateNode | undefined =>
  node === undefined || node.type !== 'compound' ? undefined : node.initial.target[0];

function transitionsOf(node: AnyStateNode): ChartTransition[] {
  const own = [...node.transitions.values()].flat();
  return [...own, ...(node.always ?? [])].map(({ eventType, target, guard, actions }) => ({
    from: pathOf(node),
    to: target?.[0] === undefined ? null : pathOf(settle(target[0])),
    event: eventName(eventType as string),
    guard: guard === undefined ? '' : nameOf(guard),
    actions: named(actions),
  }));
}

/** A transition into a compound state ends in its initial one. */
function settle(node: AnyStateNode): AnyStateNode {
  const first = initialOf(node);
  return first === undefined ? node : settle(first);
}

/** XState's own event names as a reader would say them. */
function eventName(type: string): string {
  if (type === '') return 'at once';
  const effect = /^xstate\.(done|error)\.actor\.(?:\d+\.)?(.+)$/.exec(type);
  if (effect !== null) return `${effect[2]} ${effect[1] === 'done' ? 'done' : 'failed'}`;
  const delay = /^xstate\.after\.([^.]+)\./.exec(type);
  return delay === null ? type : `after ${delay[1]}`;
}

/** Without what XState adds by itself to arm its timers. */
const named = (actions: readonly unknown[]): string[] => actions.map(nameOf).filter((name) => !XSTATE_OWN.has(name));
const XSTATE_OWN = new Set(['raise', 'cancel', 'xstate.raise', 'xstate.cancel']);

function nameOf(thing: unknown): string {
  if (typeof thing === 'string') return thing;
  if (typeof thing === 'function') return thing.name === '' ? 'inline' : thing.name;
  const { type, params } = thing as { type?: string; params?: Record<string, unknown> };
  const values = params === undefined ? '' : `(${Object.values(params).map(String).join(', ')})`;
  return `${type ?? 'inline'}${values}`;
}
