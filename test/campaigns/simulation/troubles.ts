import type { FaultKind } from './fault-kinds.js';

/**
 * Faults that wait for their opportunity, and a count of those that had an effect.
 *
 * INVARIANTS
 * - A fault counts where its effect is applied, never where it is drawn.
 */
export class Troubles {
  readonly landed = new Map<FaultKind, number>();
  #waiting: FaultKind[] = [];
  onLanded: (kind: FaultKind) => void = () => undefined;

  /** It strikes at the next opportunity. */
  arm(kind: FaultKind): void {
    this.#waiting.push(kind);
  }

  /** @returns whether one of this kind was waiting; it has landed then */
  strikes(kind: FaultKind): boolean {
    if (this.#waiting.length === 0) return false;
    const at = this.#waiting.indexOf(kind);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    this.land(kind);
    return true;
  }

  /** The first of these that waits; it has landed then. */
  strikesAny<K extends FaultKind>(kinds: readonly K[]): K | null {
    if (this.#waiting.length === 0) return null;
    const kind = this.#waiting.find((waiting) => (kinds as readonly FaultKind[]).includes(waiting)) as K | undefined;
    if (kind === undefined) return null;
    this.strikes(kind);
    return kind;
  }

  land(kind: FaultKind): void {
    this.landed.set(kind, (this.landed.get(kind) ?? 0) + 1);
    this.onLanded(kind);
  }

  get count(): number {
    let sum = 0;
    for (const count of this.landed.values()) sum += count;
    return sum;
  }

  /** Whatever has not struck yet never will. */
  calm(): void {
    this.#waiting = [];
  }
}
