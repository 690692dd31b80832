const BEGUN = 0;
const LENGTH = 1;
const HEAD_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;
const PLACE_BYTES_MAX = 256;

/** What a thread shows of itself while it cannot answer: that it began, and what it is at. */
export class Progress {
  readonly #numbers: Int32Array;
  readonly #place: Uint8Array;

  constructor(readonly shared = new SharedArrayBuffer(HEAD_BYTES + PLACE_BYTES_MAX)) {
    this.#numbers = new Int32Array(shared, 0, 2);
    this.#place = new Uint8Array(shared, HEAD_BYTES);
  }

  begin(): void {
    Atomics.store(this.#numbers, BEGUN, 1);
  }

  at(place: string): void {
    const bytes = new TextEncoder().encode(place);
    if (bytes.length > PLACE_BYTES_MAX) return;
    this.#place.set(bytes);
    Atomics.store(this.#numbers, LENGTH, bytes.length);
  }

  get begun(): boolean {
    return Atomics.load(this.#numbers, BEGUN) === 1;
  }

  /** Empty before the work named one. */
  get place(): string {
    return new TextDecoder().decode(this.#place.slice(0, Atomics.load(this.#numbers, LENGTH)));
  }
}
