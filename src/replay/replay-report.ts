import type { Divergence } from './divergence.js';
import type { Violation } from './invariant-watch.js';

/** One machine, then and now. */
export interface MachineVersions {
  readonly machine: string;
  /** Of the machine that wrote the trace; null: it did not have this one. */
  readonly recorded: string | null;
  /** Of the machine it was replayed on; null: that has none of this name. */
  readonly replayed: string | null;
}

/** A decision that comes out otherwise now, as often as the trace holds it. */
export interface ChangedDecision {
  /** `package Running · process.ended [restartsNow]`: machine, state, event and the guard that differs, where one does. */
  readonly decision: string;
  readonly count: number;
  /** The first record at which it was taken or its consequence was missed. */
  readonly firstSeq: number;
}

/** Where an actor stood. */
export interface Standpoint {
  readonly actor: string;
  readonly machine: string;
  readonly state: string;
  readonly context: unknown;
}

export interface ReplayReport {
  /** Records stepped over. */
  readonly records: number;
  readonly lastSeq: number;
  /** Whether it is all of the run; otherwise it began where its actors stood then, and no invariant was judged. */
  readonly isFromBegin: boolean;
  /** Where records are missing because the disk refused them: it went on from where every actor stood then. */
  readonly gaps: readonly { readonly beforeSeq: number; readonly missing: number }[];
  /** Whether every record led where the machines lead. */
  readonly isExact: boolean;
  readonly first: Divergence | null;
  readonly divergences: number;
  /** The most frequent first. */
  readonly decisions: readonly ChangedDecision[];
  /** Those of the trace and of the replay; empty when the trace's are not known. */
  readonly versions: readonly MachineVersions[];
  /** Every living actor at the end, or where the replay was to stop. */
  readonly actors: readonly Standpoint[];
  readonly violations: readonly Violation[];
  /** Numbers of the invariants whose premise came true. */
  readonly met: readonly number[];
}

/** Counts divergences by the decision behind them. */
export class Tally {
  first: Divergence | null = null;
  count = 0;
  readonly #decisions = new Map<string, { count: number; firstSeq: number }>();

  add(found: Divergence): void {
    this.first ??= found;
    this.count += 1;
    const decision = found.guard === null ? found.decision : `${found.decision} [${found.guard.name}]`;
    const known = this.#decisions.get(decision);
    const seq = found.decidedAt ?? found.seq;
    this.#decisions.set(decision, { count: (known?.count ?? 0) + 1, firstSeq: known?.firstSeq ?? seq });
  }

  get decisions(): readonly ChangedDecision[] {
    return [...this.#decisions]
      .map(([decision, known]) => ({ decision, ...known }))
      .sort((a, b) => b.count - a.count || a.firstSeq - b.firstSeq);
  }
}
