import type { TraceRecord } from '../../trace/index.js';

/** How often a history went where. */
export interface Visits {
  /** By the transition's place in the chart. */
  readonly transitions: readonly number[];
  /** How often each state was entered, by path; one that was passed through counts. */
  readonly states: Readonly<Record<string, number>>;
  /** Deliveries that were counted. */
  readonly records: number;
  /** Actors of this machine in the history, in the order of their appearance. */
  readonly actors: readonly string[];
  /** Records that do not lead where this machine leads: it was another version of it. The recorded states count. */
  readonly diverged: number;
  /** Records whose transition could not be told, because their actor began before the history does. */
  readonly unclear: number;
}

/** One delivered event of an actor. */
export type Delivered = Pick<TraceRecord, 'actor' | 'machine' | 'event' | 'data' | 'before' | 'after'>;
