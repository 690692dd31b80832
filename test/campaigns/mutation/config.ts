import { StateMachine } from 'xstate';
import type { AnyStateMachine } from 'xstate';

/** A machine's config as the campaign sees it: a tree to be copied with one thing changed. */
export type Path = readonly (string | number)[];

export type RawAction = string | { readonly type: string; readonly params?: Readonly<Record<string, unknown>> };
export interface RawTransition {
  readonly target?: string;
  readonly guard?: unknown;
  readonly actions?: RawAction | readonly RawAction[];
}
type Tree = Readonly<Record<string | number, unknown>>;

export const valueAt = (config: unknown, path: Path): unknown =>
  path.reduce((at, step) => (at as Tree | undefined)?.[step], config);

/** The config with something else in one place; what is not on the way there is shared, not copied. */
export function withValueAt(config: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const inner = withValueAt(valueAt(config, [step]), rest, value);
  if (Array.isArray(config)) return config.map((own: unknown, i) => (i === step ? inner : own));
  return { ...(config as object), [step]: inner };
}

/** The same machine, made from another config. */
export function remade(
  machine: AnyStateMachine,
  config: unknown,
  delays: Readonly<Record<string, unknown>> = {},
): AnyStateMachine {
  const { implementations } = machine;
  const provided = { ...implementations, delays: { ...implementations.delays, ...delays } };
  return new StateMachine(config as never, provided as never) as AnyStateMachine;
}

/** One or several, as XState lets people write them. */
export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** A candidate of an event as an object, whatever it is written as. */
export const transitionOf = (written: unknown): RawTransition =>
  typeof written === 'string' ? { target: written } : (written ?? {});
