import type { LineSpec, Measurement } from '../harness/line.js';
import type { Workbench } from './workbench.js';

/** One comparison, and the lines of the table that come out of it. */
export interface Experiment {
  readonly name: string;
  readonly lines: readonly LineSpec[];
  /** Measured with both ends on one core, where the goals hold, and on several beside it. */
  readonly isRoundTrip: boolean;
  /** Something to know about how it was measured here. */
  note?(bench: Workbench): string | null;
  /** @throws NotPossible where this machine lacks what it takes */
  prepare(bench: Workbench): Promise<Measure>;
}

/** Measures every line once, by the line's name. */
export type Measure = (pinned: boolean) => Promise<ReadonlyMap<string, Measurement>>;

/** An experiment this machine has not the means for. */
export class NotPossible extends Error {}
