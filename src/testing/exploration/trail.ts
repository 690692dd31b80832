import { IntList } from './state-table.js';
import type { StoryStep } from './story.js';
import type { Move, System } from './system.js';
import { VisitedStates } from './visited-states.js';

export const NO_MOVE = -1;

/** A state and the number of the move that led on from it; NO_MOVE: the state itself. */
export interface Spot {
  readonly state: number;
  readonly move: number;
}

/**
 * The states an exploration has visited, and how it came to each of them.
 *
 * INVARIANTS
 * - A state is come to from one that was visited before it.
 */
export class Trail {
  readonly #system: System;
  readonly #visited: VisitedStates;
  readonly #parents = new IntList();
  readonly #moves = new IntList();
  readonly #vector: Int32Array;

  constructor(system: System, width: number) {
    this.#system = system;
    this.#visited = new VisitedStates(width);
    this.#vector = new Int32Array(width);
  }

  get size(): number {
    return this.#visited.size;
  }

  /** @returns the number of a state that stands for it; the complement of its own when it is new */
  put(vector: Int32Array, { state, move }: Spot): number {
    const number = this.#visited.put(vector);
    if (number < 0) {
      this.#parents.push(state);
      this.#moves.push(move);
    }
    return number;
  }

  get(state: number, into: Int32Array): void {
    this.#visited.get(state, into);
  }

  /** The moves that lead to a state and on with one of those possible there. Leaves the system elsewhere. */
  tell(at: Spot): readonly StoryStep[] {
    const way: Spot[] = at.move === NO_MOVE ? [] : [at];
    for (let child = at.state; this.#parents.at(child) >= 0; child = this.#parents.at(child))
      way.unshift({ state: this.#parents.at(child), move: this.#moves.at(child) });
    return way.map(({ state, move: chosen }) => {
      this.get(state, this.#vector);
      this.#system.load(this.#vector);
      const moves = this.#system.moves(this.#vector);
      const move = moves[chosen];
      if (move === undefined) throw new Error(`state ${state} has no move ${chosen}`);
      const line = lineAmong(this.#system, moves, chosen);
      this.#system.move(this.#vector, move);
      return { line, happened: this.#system.happened };
    });
  }
}

/** One of several moves in words; of those that read the same, all but the first are numbered. */
export function lineAmong(system: System, moves: readonly Move[], chosen: number): string {
  const lines = moves.slice(0, chosen + 1).map((move) => system.lineOf(move));
  const line = lines[chosen] ?? '';
  const before = lines.slice(0, chosen).filter((other) => other === line).length;
  return before === 0 ? line : `${line} (${before + 1})`;
}
