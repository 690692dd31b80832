/** Of how many calls it is remembered how they were settled. */
const KEPT = 64;

export type DropReason = 'late' | 'duplicate' | 'unknown';

/** Calls lately settled in one process, to name the reason why a further reply to one of them is dropped. */
export class SettledCalls {
  readonly #requestIds = new Array<string>(KEPT).fill('');
  readonly #reasons = new Array<DropReason>(KEPT).fill('unknown');
  #count = 0;

  /** @param reason what a further reply to it would be */
  add(requestId: string, reason: 'late' | 'duplicate'): void {
    const at = this.#count++ % KEPT;
    this.#requestIds[at] = requestId;
    this.#reasons[at] = reason;
  }

  reasonToDrop(requestId: string): DropReason {
    return this.#reasons[this.#requestIds.indexOf(requestId)] ?? 'unknown';
  }
}
