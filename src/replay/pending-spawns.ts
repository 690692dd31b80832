import type { Act } from '../stepping/index.js';
import type { Born, ReplayedActor } from './replayed-actor.js';

/** Actors whose begin was recorded, and not yet the step that began them: XState makes a child before its parent's step ends. */
export class Births {
  #born: readonly Born[] = [];

  get isEmpty(): boolean {
    return this.#born.length === 0;
  }

  get paths(): ReadonlySet<string> {
    return new Set(this.#born.map(({ actor }) => actor.path));
  }

  add(born: Born): void {
    this.#born = [...this.#born, born];
  }

  /** Takes out the children a step begins with, as far as their begin was recorded. */
  claim(acts: readonly Act[], actor: ReplayedActor): readonly Born[] {
    if (this.isEmpty) return this.#born;
    const started = new Set(acts.flatMap((act) => (act.act === 'spawn' ? [actor.pathOf(act.child)] : [])));
    const own = this.#born.filter(({ actor: { path } }) => started.delete(path));
    this.#born = this.#born.filter((born) => !own.includes(born));
    return own;
  }

  /** Takes out those nobody claimed. */
  strays(): readonly Born[] {
    const strays = this.#born;
    this.#born = [];
    return strays;
  }
}
