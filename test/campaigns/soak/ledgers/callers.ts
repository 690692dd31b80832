import type { Outcome } from '../../../../machines/index.js';
import type { ReleaseKey } from '../../../../src/index.js';
import { nowMs } from '../clock.js';

/**
 * What the callers know: every call they made and what came of it, in their own numbers. It asks the Runner nothing.
 *
 * INVARIANT: an outcome is added, never replaced, so that a call with two of them shows.
 */

/**
 * What a call is to do amiss; '' for one that is to succeed. `error` is not to be tried again, `fail` and `hang` are;
 * `once` is in the first attempt only.
 */
export type Misdeed = '' | 'error' | 'fail' | 'fail once' | 'hang' | 'hang once' | 'cancel';

export interface CallOrder {
  readonly pid: string;
  readonly flowId: string;
  /** The release the flow began with. */
  readonly release: ReleaseKey;
  readonly misdeed: Misdeed;
  /** How often the call may be tried again. */
  readonly retries: number;
}

export interface CallEnd {
  /** `refused`: it was never accepted. */
  readonly outcome: Outcome | 'refused';
  /** Catalogue name of the fault; null for a result. */
  readonly faultName: string | null;
  readonly message: string;
  /** The Runner's number of the call; null when it was refused. */
  readonly callId: number | null;
  /** The release the Runner says it went to. */
  readonly release: ReleaseKey | null;
  /** Attempts before the last, as the Runner tells them. */
  readonly failedAttempts: number;
  /** What in the answer is not what belongs to this call; null when all of it does. */
  readonly wrong: string | null;
}

export interface CallEntry extends CallOrder {
  readonly number: number;
  readonly beganMs: number;
  readonly ends: (CallEnd & { readonly atMs: number })[];
}

export class CallersLedger {
  readonly entries: CallEntry[] = [];

  /** @returns the number of the call, from 1 */
  open(order: CallOrder): number {
    const number = this.entries.length + 1;
    this.entries.push({ ...order, number, beganMs: nowMs(), ends: [] });
    return number;
  }

  close(number: number, end: CallEnd): void {
    this.entries[number - 1]?.ends.push({ ...end, atMs: nowMs() });
  }
}
