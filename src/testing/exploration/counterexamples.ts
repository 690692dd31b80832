import type { Wrong } from './invariant-checks.js';
import { IntList, VisitedStates } from './visited-states.js';
import type { Happening, Move, System } from './system.js';

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

/** One move of a way through a scenario. */
export interface StoryStep {
  /** What a person or the world did. */
  readonly line: string;
  readonly happened: readonly Happening[];
}

/** A Mermaid sequence diagram of who sent what to whom, outside events as notes. */
export function sequenceDiagram(steps: readonly StoryStep[], wrong: string): string {
  const lines = steps.flatMap(({ line, happened }) => [
    `  Note over ${alias('world')}: ${clean(line)}`,
    ...arrows(happened),
  ]);
  const paths = new Set(steps.flatMap(({ happened }) => happened.flatMap(({ seen }) => [seen.actor])));
  return [
    'sequenceDiagram',
    `  participant ${alias('world')} as world`,
    ...[...paths].map((path) => `  participant ${alias(path)} as ${clean(path)}`),
    ...lines,
    `  Note over ${alias('world')}: ${clean(wrong)}`,
  ].join('\n');
}

const arrows = (happened: readonly Happening[]): readonly string[] =>
  happened.flatMap(({ seen, from }) => {
    const to = alias(seen.actor);
    switch (seen.what) {
      case 'delivered': {
        const moved = seen.before?.state === seen.after.state ? '' : ` → ${seen.after.state}`;
        return [`  ${alias(from ?? 'world')}->>${to}: ${clean(seen.event.type + moved)}`];
      }
      case 'emitted':
        return [`  ${to}-->>${alias('world')}: ${clean(seen.event.type)}`];
      case 'asked':
        return [`  ${to}-->>${alias('world')}: ${clean(seen.command.type)}`];
      case 'ended':
        return [`  Note over ${to}: has ended`];
    }
  });

/** Names and texts that every Mermaid accepts. */
const alias = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '_');
const clean = (text: string): string => text.replace(/[;#]/g, ',').replace(/[{}"]/g, '');
