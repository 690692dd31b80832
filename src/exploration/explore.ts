import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { runnerMachine } from '../../machines/index.js';
import { deadEnds } from './dead-ends.js';
import type { Scenario } from './scenario.js';
import { IntList } from './state-table.js';
import { VisitedStates } from './visited-states.js';
import type { Wrong } from './court.js';
import { sequenceDiagram } from './story.js';
import type { StoryStep } from './story.js';
import { System, WIDTH } from './system.js';

const NO_MOVE = -1;

export interface Violation extends Wrong {
  /** Moves from the first state, in words: no shorter way leads there. */
  readonly story: readonly string[];
  /** The same as a Mermaid sequence diagram. */
  readonly diagram: string;
}

/** The state something is wrong in, and the number of the move that led to it; NO_MOVE: the state itself is wrong. */
interface Spot {
  readonly state: number;
  readonly move: number;
}
interface Found extends Wrong {
  readonly at: Spot;
}

export interface Exploration {
  readonly scenario: string;
  /** No new state appeared any more. */
  readonly closed: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
  /** The first of each kind. */
  readonly violations: readonly Violation[];
  /** Numbers of the invariants whose premise came true. */
  readonly met: readonly number[];
  readonly taken: ReadonlySet<AnyTransitionDefinition>;
  /** States that were entered, as `machine state`. */
  readonly entered: readonly string[];
  /** Events that came where no transition names them, as `machine state · event`. */
  readonly unexpected: readonly string[];
  /** States in which nothing is under way. */
  readonly resting: number;
}

export interface ExploreOptions {
  /** The root machine; default: the Runner's. */
  readonly machine?: AnyStateMachine;
  readonly statesMax?: number;
  readonly secondsMax?: number;
  readonly violationsMax?: number;
  readonly onProgress?: (progress: {
    readonly states: number;
    readonly expanded: number;
    readonly depth: number;
  }) => void;
}

/** Every state a scenario can reach, breadth first. */
export function explore(scenario: Scenario, options: ExploreOptions = {}): Exploration {
  const { machine = runnerMachine, statesMax = Infinity, secondsMax = Infinity, violationsMax = 20 } = options;
  const sinceMs = performance.now();
  const system = new System(scenario, machine);
  const table = new VisitedStates(WIDTH);
  const parents = new IntList();
  const parentMoves = new IntList();
  const edges = new IntList();
  const violations = new Map<string, Found>();
  let transitions = 0;
  let depth = 0;
  let levelEnd = 1;
  const rested = new IntList();
  const blame = ({ by, what }: Wrong, at: Spot): void => {
    const key = `${by} ${what.replace(/\d+/g, '#')}`;
    if (!violations.has(key)) violations.set(key, { by, what, at });
  };
  const start = system.start();
  for (const wrong of start.wrong) blame(wrong, { state: 0, move: NO_MOVE });
  table.put(start.vector);
  parents.push(-1);
  parentMoves.push(0);
  const vector = new Int32Array(WIDTH);
  let state = 0;
  const isOver = (): boolean =>
    table.size >= statesMax || violations.size >= violationsMax || performance.now() - sinceMs > secondsMax * 1000;
  for (; state < table.size; state++) {
    if ((state & 255) === 0 && isOver()) break;
    if (state === levelEnd) {
      depth += 1;
      levelEnd = table.size;
      options.onProgress?.({ states: table.size, expanded: state, depth });
    }
    table.get(state, vector);
    system.load(vector);
    if (system.rests(vector)) {
      rested.push(state);
      for (const wrong of system.atRest(vector)) blame(wrong, { state, move: NO_MOVE });
    }
    const moves = system.moves(vector);
    for (let m = 0; m < moves.length; m++) {
      const move = moves[m];
      if (move === undefined) continue;
      if (m > 0) system.load(vector);
      const { vector: next, wrong } = system.move(vector, move);
      transitions += 1;
      for (const found of wrong) blame(found, { state, move: m });
      if (wrong.some(({ by }) => by === 'machinery')) continue;
      const number = table.put(next);
      if (number < 0) {
        parents.push(state);
        parentMoves.push(m);
      }
      edges.push(state);
      edges.push(number < 0 ? ~number : number);
    }
  }
  const closed = state >= table.size;
  if (closed && violations.size === 0) {
    const resting = new Uint8Array(table.size);
    for (let i = 0; i < rested.length; i++) resting[rested.at(i)] = 1;
    const [first, ...others] = deadEnds(table.size, edges, (number) => resting[number] === 1);
    const what = `nothing leads to rest from here, nor from ${others.length} other states`;
    if (first !== undefined) blame({ by: 'invariant 13', what }, { state: first, move: NO_MOVE });
  }
  /** The moves that lead to a state and on with one of those possible there. */
  const tell = (at: Spot): readonly StoryStep[] => {
    const way: { state: number; move: number }[] = at.move === NO_MOVE ? [] : [at];
    for (let child = at.state; parents.at(child) >= 0; child = parents.at(child))
      way.unshift({ state: parents.at(child), move: parentMoves.at(child) });
    return way.map(({ state: from, move: chosen }) => {
      table.get(from, vector);
      system.load(vector);
      const move = system.moves(vector)[chosen];
      if (move === undefined) throw new Error(`state ${from} has no move ${chosen}`);
      system.move(vector, move);
      return { line: system.lineOf(move), happened: system.happened };
    });
  };
  return {
    scenario: scenario.name,
    closed,
    states: table.size,
    transitions,
    depth,
    seconds: (performance.now() - sinceMs) / 1000,
    violations: [...violations.values()].map(({ by, what, at }) => {
      const steps = tell(at);
      return { by, what, story: steps.map(({ line }) => line), diagram: sequenceDiagram(steps, `${by}: ${what}`) };
    }),
    met: system.court.judges.filter(({ met }) => met).map(({ number }) => number),
    taken: system.world.actors.taken,
    entered: [
      ...new Set(system.world.actors.situations.values.map(({ machine, state }) => `${machine} ${state}`)),
    ].sort(),
    unexpected: [...system.world.actors.unexpected].sort(),
    resting: rested.length,
  };
}
