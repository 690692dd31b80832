import type { ReleaseKey } from '../../../../src/index.js';
import type { CallEntry } from '../ledgers/callers.js';
import type { ProcessEntry, ProcessName } from '../ledgers/processes.js';
import type { TraceLedger } from '../ledgers/trace.js';

/** One kill -9. */
export interface Kill extends ProcessName {
  readonly atMs: number;
}

export type OperationKind = 'switch' | 'rollback';
/** How an operation on routes ended; `refused`: it never began. */
export type OperationEnd = 'committed' | 'confirmed' | 'rolled_back' | 'aborted' | 'refused';

/** One switch or rollback that was asked for, as its caller saw it. */
export interface Operation {
  readonly kind: OperationKind;
  readonly pids: readonly string[];
  /** What each PID was bound to. */
  readonly from: readonly ReleaseKey[];
  readonly to: ReleaseKey;
  readonly beganMs: number;
  /** null when it never was. */
  readonly committedMs: number | null;
  readonly endedMs: number;
  readonly end: OperationEnd;
  /** Longest time without an able release, as the Runner reports it. */
  readonly downtimeMs: number;
  /** What came out otherwise than it must; null when nothing did. */
  readonly wrong: string | null;
}

/** A time at which a bound PID's release could not serve. */
export interface Downtime {
  readonly pid: string;
  readonly release: ReleaseKey;
  readonly lastedMs: number;
}

/** Everything a campaign leaves behind to be judged; nothing in it is the Runner's word but `trace`. */
export interface Evidence {
  readonly calls: readonly CallEntry[];
  readonly processes: readonly ProcessEntry[];
  readonly trace: Pick<TraceLedger, 'dispatches' | 'requested'>;
  /** Times without an able release that a switch brought about. */
  readonly downtimes: readonly Downtime[];
  readonly kills: readonly Kill[];
  readonly operations: readonly Operation[];
  /** Moments at which a bound PID pointed to nothing. */
  readonly lapses: readonly string[];
  /** Invariants of the architecture that the trace breaks, and records that do not lead where the machines lead. */
  readonly broken: readonly string[];
  /** Processes of the campaign that outlived the Runner. */
  readonly orphans: readonly string[];
  /** Files left where images travelled. */
  readonly segments: readonly string[];
}

export const nameOf = ({ kind, pids, to }: Operation): string => `${kind} of ${pids.join(', ')} to ${to}`;
