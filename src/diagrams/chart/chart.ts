import type { EventKind } from './event-name.js';

/**
 * A statechart as plain data, read from the machine itself: what every drawing and every page is made of, and what
 * `--format json` prints.
 *
 * INVARIANTS
 * - Every transition of the machine is in it exactly once, in the order in which the machine tries them.
 * - States whose keys are dotted (`Running.Restarting`, docs/decisions/0003) count as sub-states of what stands before
 *   the dot, as their names say.
 */
export interface Chart {
  readonly id: string;
  readonly description: string;
  /** Path of the state it begins in; null for a parallel machine. */
  readonly initial: string | null;
  /** Parents before their children. */
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
  /** Effects under way as long as the machine lives. */
  readonly effects: readonly ChartEffect[];
}

export type StateKind = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

export interface ChartState {
  /** `Running.Restarting` */
  readonly path: string;
  /** Path of the state it is a sub-state of. */
  readonly parent: string | null;
  readonly kind: StateKind;
  readonly description: string;
  /** What its parent, or the machine, begins in. */
  readonly initial: boolean;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly effects: readonly ChartEffect[];
}

export interface ChartEffect {
  readonly id: string;
  /** Its name among the machine's actors. */
  readonly name: string;
}

export interface ChartTransition {
  /** Its place among the machine's transitions, from 0. */
  readonly index: number;
  /** Path of the state that defines it; null: the machine, wherever a state says nothing of its own. */
  readonly from: string | null;
  /** Path of the state it leads to; null: it stays. Of several targets, the first. */
  readonly to: string | null;
  /** `to`, or the sub-state that is begun with there. */
  readonly enters: string | null;
  readonly event: string;
  readonly kind: EventKind;
  /** The guard's name with its parameters, else empty. */
  readonly guard: string;
  /** It has no guard and is tried after others of the same event that have one. */
  readonly otherwise: boolean;
  readonly actions: readonly string[];
  readonly description: string;
}

/** `Restarting` of `Running.Restarting`. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** What a state is called where it is drawn: by its whole path when what it lies in is not drawn. */
export const titleOf = ({ path, parent }: Pick<ChartState, 'path' | 'parent'>): string =>
  parent === null ? path : nameOf(path);

/** `Running` of `Running.Restarting`. */
export const parentOf = (path: string): string | null =>
  path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : null;

/** The state of the first level it lies in: what it is coloured by. */
export const hueOf = (path: string): string => path.split('.')[0] ?? path;

export const isWithin = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}.`);

/** States that others lie in. */
export const holders = ({ states }: Pick<Chart, 'states'>): ReadonlySet<string> =>
  new Set(states.flatMap(({ parent }) => (parent === null ? [] : [parent])));
