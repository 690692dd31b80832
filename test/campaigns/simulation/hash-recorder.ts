import type { Recorder } from '../../../src/trace/index.js';
import type { TraceKind } from '../../../src/trace/schema.js';

/**
 * A trace that is not kept but digested: two histories have the same hash when every record of them has the same time,
 * actor, event, payload and states, in the same order.
 */
export class HashRecorder implements Recorder {
  readonly #nowMs: () => number;
  #kinds = 0;
  #records = 0;
  #low = 0x811c9dc5;
  #high = 0x9e3779b9;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  readonly folder = '';
  readonly run = '';
  file = (): string => '';
  count = (): number => this.#records;

  /** Sixteen hexadecimal digits. */
  get hash(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  kind(kind: Omit<TraceKind, 'k'>): number {
    this.#mixText(JSON.stringify(kind));
    return this.#kinds++;
  }

  record(kind: number, values: string): void {
    this.#begin(kind);
    this.#mixText(values);
  }

  recordSmall(kind: number, event: Readonly<Record<string, unknown>>, fields: readonly string[]): boolean {
    for (let i = 0; i < fields.length; i++) {
      const value = event[fields[i] ?? ''];
      if (typeof value !== 'number' && typeof value !== 'string') return false;
    }
    this.#begin(kind);
    for (let i = 0; i < fields.length; i++) {
      const value = event[fields[i] ?? ''];
      if (typeof value === 'number') this.#mixNumber(value);
      else this.#mixText(value as string);
    }
    return true;
  }

  survey(): void {
    // It has no files to begin.
  }

  observe(): void {
    // Nobody follows it.
  }

  flush(): void {
    // Nothing waits.
  }

  close(): void {
    // Nothing is open.
  }

  #begin(kind: number): void {
    this.#records += 1;
    this.#mixNumber(this.#nowMs() * 1000);
    this.#mix(kind);
  }

  #mixNumber(value: number): void {
    this.#mix(value | 0);
    this.#mix((value / 0x1_0000_0000) | 0);
  }

  #mixText(text: string): void {
    this.#mix(text.length);
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
  }

  #mix(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193);
    this.#high = Math.imul(this.#high ^ word ^ (this.#low >>> 13), 0x85ebca6b);
  }
}
