import { noteCommitted, noteStored } from '../../../machines/index.js';
import type { RouteChange, RouteFiles, StoreFacts } from '../../../machines/index.js';
import { Interner } from './interner.js';
import type { Deed, Desk } from './scenario.js';
import { stableJson } from './stable-json.js';

const EMPTY: Desk = { open: {}, files: {} };

/**
 * What the world outside the actors remembers, by number; every change to it is worked out once.
 *
 * INVARIANTS
 * - Equal desks are the same object.
 */
export class Desks {
  now: Desk = EMPTY;
  readonly #desks = new Interner<Desk>();
  readonly #files = new Interner<Desk['files']>();
  readonly #numbers = new WeakMap<Desk, number>();
  readonly #fileNumbers = new WeakMap<Desk['files'], number>();
  readonly #changes = new WeakMap<Desk, Map<unknown, Desk>>();

  load(number: number): void {
    this.now = this.#desks.of(number);
  }

  get number(): number {
    const known = this.#numbers.get(this.now);
    if (known !== undefined) return known;
    const number = this.#desks.id(stableJson(this.now), () => this.now);
    this.#numbers.set(this.now, number);
    return number;
  }

  /** Of the route files: equal ones have equal numbers. */
  get filesNumber(): number {
    const { files } = this.now;
    const known = this.#fileNumbers.get(files);
    if (known !== undefined) return known;
    const number = this.#files.id(stableJson(files), () => files);
    this.#fileNumbers.set(files, number);
    return number;
  }

  leaveBy(deed: Deed): void {
    this.#change(deed, deed.desk);
  }

  /** The call has its outcome. */
  close(callId: number): void {
    this.#change(callId, ({ open, ...desk }) => {
      const { [callId]: _closed, ...others } = open;
      return { ...desk, open: others };
    });
  }

  recall(facts: StoreFacts): void {
    const files: RouteFiles = new Map();
    noteStored(files, facts);
    this.now = { ...this.now, files: Object.fromEntries(files) };
  }

  commit(change: RouteChange): void {
    this.#change(change, (desk) => {
      const files: RouteFiles = new Map(Object.entries(desk.files));
      noteCommitted(files, change);
      return { ...desk, files: Object.fromEntries(files) };
    });
  }

  #change(by: unknown, change: (desk: Desk) => Desk): void {
    const before = this.now;
    const changes = this.#changes.get(before) ?? new Map<unknown, Desk>();
    this.#changes.set(before, changes);
    const known = changes.get(by);
    this.now = known ?? change(before);
    if (known !== undefined) return;
    this.now = this.#desks.of(this.number);
    changes.set(by, this.now);
  }
}
