/** How a record and today's machines differ. */
export type DivergenceKind =
  /** The event leads elsewhere. */
  | 'state'
  /** It was delivered, with other contents. */
  | 'data'
  /** It was delivered, and the machines would not have sent it, or not yet. */
  | 'unexpected'
  /** The machines would have sent it, and it was not delivered. */
  | 'missing'
  /** The machine fails on it, or did then and does no more. */
  | 'failure';

/** The guard whose outcome makes the difference. */
export interface DifferingGuard {
  readonly name: string;
  readonly params: unknown;
  /** What it said when the trace was written, as far as what was recorded shows. */
  readonly recorded: boolean;
  /** What it says today. */
  readonly today: boolean;
  /** Others that would explain the difference as well. */
  readonly alternatives: readonly string[];
}

/** A record that does not lead where today's machines lead (invariant 14). */
export interface Divergence {
  readonly kind: DivergenceKind;
  /** Number of the record it was found at. */
  readonly seq: number;
  readonly atUs: number;
  readonly actor: string;
  readonly machine: string;
  readonly event: string;
  /** What today's machines do. */
  readonly expected: string;
  /** What was recorded. */
  readonly got: string;
  /** The record at which the machines decided otherwise; null where none can be named. */
  readonly decidedAt: number | null;
  /** The decision: machine, state, event. */
  readonly decision: string;
  /** The guard that differed; null where no single one explains the difference. */
  readonly guard: DifferingGuard | null;
}
