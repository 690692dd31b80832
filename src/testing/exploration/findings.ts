import type { Wrong } from './court.js';
import { sequenceDiagram } from './story.js';
import type { Spot, Trail } from './trail.js';

export interface Violation extends Wrong {
  /** Moves from the first state, in words: no shorter way leads there, unless ways were given. */
  readonly story: readonly string[];
  /** The same as a Mermaid sequence diagram. */
  readonly diagram: string;
}

/** What is wrong, and where: the first of each kind. */
export class Findings {
  readonly #found = new Map<string, Wrong & { readonly at: Spot }>();

  get size(): number {
    return this.#found.size;
  }

  blame(wrong: readonly Wrong[], at: Spot): void {
    for (const { by, what } of wrong) {
      const key = `${by} ${what.replace(/\d+/g, '#')}`;
      if (!this.#found.has(key)) this.#found.set(key, { by, what, at });
    }
  }

  told(trail: Trail): readonly Violation[] {
    return [...this.#found.values()].map(({ by, what, at }) => {
      const steps = trail.tell(at);
      return { by, what, story: steps.map(({ line }) => line), diagram: sequenceDiagram(steps, `${by}: ${what}`) };
    });
  }
}
