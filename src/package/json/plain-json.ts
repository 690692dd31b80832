import { isRounded } from '../../base/json/index.js';
import type { Json } from '../../base/json/index.js';

/** What a value of a host may hold; more does not fit a message to an algorithm. */
const DEPTH_MAX = 64;
const VALUES_MAX = 250_000;
const CHARACTERS_MAX = 4 * 1024 * 1024;

/**
 * Copies what a host gives as plain JSON, reading every property once: what was checked is what travels, whatever
 * getters, proxies or `toJSON` would say the next time.
 *
 * One of these serves one call: its limits hold for all values together.
 */
export class PlainJson {
  #valuesLeft = VALUES_MAX;
  #charactersLeft = CHARACTERS_MAX;

  /** The copy; the reason why there is none. */
  copy(value: unknown): { readonly json: Json } | { readonly problem: string } {
    try {
      return { json: this.#copy(value, 0) };
    } catch (error) {
      if (error instanceof NotPlain) return { problem: error.message };
      // A getter or a proxy of the host that throws.
      return { problem: 'must be plain JSON; reading it failed' };
    }
  }

  #copy(value: unknown, depth: number): Json {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) throw new NotPlain(`must not hold more than ${VALUES_MAX} values`);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number' && isRounded(value)) throw new NotPlain(ROUNDED);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value !== 'object') throw new NotPlain('must be plain JSON');
    if (depth >= DEPTH_MAX) throw new NotPlain(`must not be nested more than ${DEPTH_MAX} levels deep`);
    if (Array.isArray(value)) return this.#list(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) throw new NotPlain('must be plain JSON');
    const keys = Object.keys(value);
    this.#room(keys.length);
    return Object.fromEntries(
      keys.map((key) => [this.#text(key), this.#copy((value as Record<string, unknown>)[key], depth + 1)]),
    );
  }

  #list(list: readonly unknown[], depth: number): Json {
    const { length } = list;
    this.#room(length);
    // Not `map`, which leaves out what was never set.
    return Array.from({ length }, (_, i) => this.#copy(list[i], depth + 1));
  }

  /** Before any memory is taken for them. */
  #room(values: number): void {
    if (values > this.#valuesLeft) throw new NotPlain(`must not hold more than ${VALUES_MAX} values`);
  }

  #text(text: string): string {
    this.#charactersLeft -= text.length;
    if (this.#charactersLeft < 0) throw new NotPlain(`must not hold more than ${CHARACTERS_MAX} characters`);
    return text;
  }
}

const ROUNDED = 'must not hold an integer beyond 2^53, which was rounded before it came here; give it as a text';

class NotPlain extends Error {}
