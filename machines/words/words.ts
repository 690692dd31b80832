import type { SENDERS } from '../senders.js';
import type { OptionPath } from './options.js';
import type { EventData } from './phrases.js';

/** What the names of a machine mean. Its states say it themselves: their description. */
export interface Vocabulary<Of extends keyof typeof SENDERS> {
  /** What each event says to the machine; who sends it stands in `SENDERS`. */
  readonly events: Readonly<Record<keyof (typeof SENDERS)[Of], string | EventMeaning>>;
  /** What events mean that XState delivers by itself: starts, ends of effects, timers. */
  readonly inner?: Readonly<Record<string, Told>>;
  /** A sentence each: when the guard holds. */
  readonly guards?: Readonly<Record<string, string>>;
  readonly delays?: Readonly<Record<string, DelayMeaning>>;
  /** A sentence each: what the effect does. */
  readonly effects?: Readonly<Record<string, string>>;
  /** The same by the id of its invocation, for a sentence: `writing the routes` failed. */
  readonly doing?: Readonly<Record<string, string>>;
}

/** What one recorded event means, in a clause that follows “because”. */
export type Told = (data: EventData, states: { readonly before: string | null; readonly after: string }) => string;

export interface EventMeaning {
  readonly says: string;
  /** Left out where the event explains nothing. */
  readonly told: Told;
}

export interface DelayMeaning {
  readonly says: string;
  /** The option that sets it, where one does. */
  readonly option?: OptionPath;
  /** It passes only when something hangs; others pass in the ordinary course of things. */
  readonly isDeadline?: true;
}
