import { not } from 'xstate';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { transitionName } from '../../../src/testing/model/index.js';
import { listOf, remade, valueAt, withValueAt } from './config.js';
import type { RawAction, RawTransition } from './config.js';
import { actionLists, delaysOf, transitionLists } from './places.js';
import type { TransitionList } from './places.js';

export const KINDS = ['guard negated', 'dropped', 'retargeted', 'action removed', 'delay removed', 'at once'] as const;
export type Kind = (typeof KINDS)[number];

/** Where a mutant differs: nothing that never comes there can tell. */
export interface Site {
  readonly machine: string;
  /** Its way down from the root, joined by dots; empty for the root. */
  readonly state: string;
  /** `null`: whenever the state is entered or left. */
  readonly eventType: string | null;
  /** Place in the list of candidates, of a transition that is no longer there; `Infinity` for the whole list. */
  readonly gone?: number;
  /** The name of the transition, if it is one that differs. */
  readonly transition?: string;
}

/** One machine with one thing changed. */
export interface Mutant {
  /** `package Running · call.requested [homeIsGone] · guard negated`; the same in every run. */
  readonly id: string;
  readonly kind: Kind;
  readonly original: AnyStateMachine;
  readonly site: Site;
  readonly make: () => AnyStateMachine;
}

/**
 * Every guard negated, every transition dropped or led elsewhere, every action and every delay removed, one at a time.
 * Delays that actions give to events of their own go with these actions.
 */
export const mutantsOf = (machine: AnyStateMachine): readonly Mutant[] => [
  ...transitionLists(machine).flatMap((list) => mutantsOfList(machine, list)),
  ...actionLists(machine).flatMap(({ node, path, when, written }) =>
    written.map((action, i): Mutant => ({
      id: `${machine.id} ${nameOf(node)} · ${when} · without ${actionName(action)}`,
      kind: 'action removed',
      original: machine,
      site: { machine: machine.id, state: nameOf(node, ''), eventType: null },
      make: () => remade(machine, withValueAt(machine.config, path, without(written, i))),
    })),
  ),
  ...delaysOf(machine).flatMap(({ node, path, delay }): readonly Mutant[] => {
    const { [delay]: _gone, ...others } = valueAt(machine.config, path) as Record<string, unknown>;
    const at = { machine: machine.id, state: nameOf(node, ''), eventType: null };
    const id = `${machine.id} ${nameOf(node)} · after ${delay}`;
    const never = () => remade(machine, withValueAt(machine.config, path, others));
    const atOnce = () => {
      const renamed = `${delay} at once`;
      const config = withValueAt(machine.config, path, {
        ...others,
        [renamed]: valueAt(machine.config, [...path, delay]),
      });
      return remade(machine, config, { [renamed]: 0 });
    };
    return [
      {
        id: `${id} · delay removed`,
        kind: 'delay removed',
        original: machine,
        site: { ...at, gone: Infinity },
        make: never,
      },
      { id: `${id} · at once`, kind: 'at once', original: machine, site: at, make: atOnce },
    ];
  }),
];

function mutantsOfList(machine: AnyStateMachine, list: TransitionList): readonly Mutant[] {
  const { node, path, eventType, written, definitions } = list;
  const site: Site = { machine: machine.id, state: nameOf(node, ''), eventType };
  return written.flatMap((transition, i) => {
    const definition = definitions[i];
    if (definition === undefined) throw new Error(`${machine.id}: no transition ${i} at ${path.join('.')}`);
    const name = transitionName(definition);
    const mutant = (kind: Kind, what: string, changed: RawTransition | null, more: Partial<Site> = {}): Mutant => ({
      ...{ id: `${name} · ${what}`, kind, original: machine, site: { ...site, transition: name, ...more } },
      make: () => {
        const others = changed === null ? without(written, i) : written.map((own, at) => (at === i ? changed : own));
        return remade(machine, withValueAt(machine.config, path, others));
      },
    });
    const elsewhere = definition.target?.[0] === undefined ? null : nextTo(definition.target[0]);
    // A deadline with a single way on is dropped with its delay.
    const isDelayed = eventType.startsWith('xstate.after.') && written.length === 1;
    const actions = listOf(transition.actions);
    return [
      ...(transition.guard === undefined
        ? []
        : [mutant('guard negated', 'guard negated', { ...transition, guard: negated(transition.guard) })]),
      ...(isDelayed ? [] : [mutant('dropped', 'dropped', null, { gone: i })]),
      ...(elsewhere === null
        ? []
        : [mutant('retargeted', `retargeted to ${nameOf(elsewhere)}`, { ...transition, target: `#${elsewhere.id}` })]),
      ...actions.map((action, at) =>
        mutant('action removed', `without ${actionName(action)}`, { ...transition, actions: without(actions, at) }),
      ),
    ];
  });
}

const nameOf = ({ path }: AnyStateNode, root = '*'): string => path.join('.') || root;

const actionName = (action: RawAction): string =>
  typeof action === 'string' ? action : [action.type, ...Object.values(action.params ?? {}).map(String)].join(' ');

const without = <T>(list: readonly T[], index: number): readonly T[] => list.filter((_own, i) => i !== index);

/** It goes by the guard's own name, so that transitions keep theirs. */
function negated(guard: unknown): unknown {
  const named = typeof guard === 'string' ? { type: guard } : (guard as object);
  return Object.assign(not(guard as never), named);
}

/** The state defined after it, of those that have the same parent; the first after the last. */
function nextTo(node: AnyStateNode): AnyStateNode {
  const { parent } = node;
  if (parent === undefined) throw new Error(`${node.id} is led to, but is a root`);
  const siblings = Object.values(parent.states) as readonly AnyStateNode[];
  if (siblings.length === 1) return nextTo(parent);
  const next = siblings[(siblings.indexOf(node) + 1) % siblings.length];
  return next ?? node;
}
