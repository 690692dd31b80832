import type { AnyEventObject } from 'xstate';
import type { PackageEmitted } from '../../../machines/index.js';

/** What became of one call, from the faces' side and from the process's. */
interface Entry {
  refused: number;
  settled: readonly string[];
  freed: number;
  dispatched: number;
}

/**
 * Every call of a history and its outcomes (invariant 5): refused once, or settled once; freed once when its caller
 * gave it up while it ran.
 */
export class CallLedger {
  readonly #entries = new Map<number, Entry>();

  /** A call was asked for. */
  open(callId: number): void {
    this.#entries.set(callId, { refused: 0, settled: [], freed: 0, dispatched: 0 });
  }

  dispatched(callId: number): void {
    this.#entry(callId).dispatched += 1;
  }

  note(event: AnyEventObject): void {
    const { type, callId } = event as unknown as PackageEmitted & { callId: number };
    if (type === 'call.refused') this.#entry(callId).refused += 1;
    if (type === 'call.freed') this.#entry(callId).freed += 1;
    if (type === 'call.settled') {
      const entry = this.#entry(callId);
      entry.settled = [...entry.settled, String(event['outcome'])];
    }
  }

  /** Calls that were accepted and have no outcome yet. */
  get unsettled(): readonly number[] {
    return [...this.#entries].flatMap(([id, { refused, settled }]) => (refused + settled.length === 0 ? [id] : []));
  }

  /** What is wrong already, whatever comes. */
  get faults(): readonly string[] {
    return [...this.#entries].flatMap(([id, { refused, settled, freed, dispatched }]) => [
      ...(refused + settled.length > 1
        ? [`call ${id}: refused ${refused} times and settled ${settled.join(', ')}`]
        : []),
      ...(dispatched > 1 ? [`call ${id}: sent to a process ${dispatched} times`] : []),
      ...(refused > 0 && dispatched > 0 ? [`call ${id}: refused, yet sent to a process`] : []),
      ...(freed > 1 || (freed === 1 && settled[0] !== 'cancelled') ? [`call ${id}: freed ${freed} times`] : []),
    ]);
  }

  /** What is wrong once nothing is under way any more. */
  get faultsAtRest(): readonly string[] {
    const unsettled = this.unsettled.map((id) => `call ${id}: accepted, but it never got an outcome`);
    return [...this.faults, ...unsettled];
  }

  #entry(callId: number): Entry {
    const entry = this.#entries.get(callId);
    if (entry === undefined) throw new Error(`call ${callId} was never asked for`);
    return entry;
  }
}
