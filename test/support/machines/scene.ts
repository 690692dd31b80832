import type { Seen } from '../../../machines/invariants/index.js';

/** A living machine as it stands between two outside events. */
export interface Actor {
  readonly path: string;
  readonly machine: string;
  readonly state: string;
  readonly context: unknown;
}

/** What rules look at after an outside event, wherever it happened: in a random history or in an exploration. */
export interface Scene {
  /** What the event set off, in processing order; a list of its own for every event. */
  readonly seen: readonly Seen[];
  /** The Runner is done. */
  readonly hasEnded: boolean;
  /** Everything that lives, the root first, also when it is done. */
  machines(): readonly Actor[];
  effects(): readonly { readonly src: string; readonly path: string; readonly input: unknown }[];
  /** Names of the timers an actor has armed. */
  timersOf(path: string): readonly string[];
}

/** One with a clock: time passes in histories only. */
export interface TimedScene extends Scene {
  readonly nowMs: number;
}
