import type { Outcome } from '../../../machines/index.js';
import type { PendingCall } from '../../../src/effects/index.js';

/**
 * The table of calls of one host, which also counts how they end.
 *
 * INVARIANTS
 * - Every call that was ever put into it is settled once, unless its host loses power.
 */
export class CallsLedger extends Map<number, PendingCall> {
  readonly outcomes = new Map<Outcome | 'refused', number>();
  readonly open = new Set<number>();
  /** Told of each call as it is settled. */
  onSettled: (twice: boolean, callId: number) => void = () => undefined;

  override set(callId: number, call: PendingCall): this {
    const { settle } = call;
    this.open.add(callId);
    call.settle = (outcome, why) => {
      const wasOpen = this.open.delete(callId);
      this.onSettled(!wasOpen, callId);
      if (wasOpen) this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      settle(outcome, why);
    };
    return super.set(callId, call);
  }
}
