import type { Visits } from './visits/visits.js';
import type { MachineWords } from './words/words.js';

/** What a drawing knows beside the chart. */
export interface Known {
  readonly words: MachineWords;
  /** Null: nothing was counted, and nothing is pale. */
  readonly visits: Visits | null;
}

export const NOTHING_KNOWN: Known = { words: {}, visits: null };

/** How often a state was entered. */
export const entered = (path: string, { visits }: Known): number => visits?.states[path] ?? 0;
