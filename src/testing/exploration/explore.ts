import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { runnerMachine } from '../../../machines/index.js';
import type { Wrong } from './invariant-checks.js';
import { Findings, lineAmong, NO_MOVE, Trail } from './counterexamples.js';
import type { Spot, Violation } from './counterexamples.js';
import type { Scenario } from './scenario.js';
import { IntList } from './visited-states.js';
import { System, WIDTH } from './system.js';
import type { Move } from './system.js';

export type { Violation } from './counterexamples.js';

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
  /**
   * Situations that differ in anything at all differ; default: only in what can still matter (dead-fields.ts). Who
   * compares faults or numbers with each other needs it.
   */
  readonly isExact?: boolean;
  /**
   * Ways from the first state, by their moves as stories tell them. Each is followed as far as its moves are possible;
   * exploration begins one move before the end of each, and there. Default: at the first state.
   */
  readonly ways?: readonly (readonly string[])[];
  /**
   * Called in the first state and after every move: what is wrong beside the invariants.
   *
   * @param story the moves up to here; to be asked for once the exploration is over
   */
  readonly onMove?: (system: System, story: () => readonly string[]) => readonly Wrong[];
  readonly onProgress?: (progress: {
    readonly states: number;
    readonly expanded: number;
    readonly depth: number;
  }) => void;
}

/** States moved from between two looks at the limits. */
const LOOK_AT_LIMITS_EVERY = 16;

/** Every state a scenario can reach, breadth first. */
export function explore(scenario: Scenario, options: ExploreOptions = {}): Exploration {
  const { machine = runnerMachine, statesMax = Infinity, secondsMax = Infinity, violationsMax = 20 } = options;
  const { isExact = false, ways = [[]], onMove } = options;
  const sinceMs = performance.now();
  const system = new System(scenario, machine, isExact);
  const trail = new Trail(system, WIDTH);
  const findings = new Findings();
  const edges = new IntList();
  const rested = new IntList();
  /** States in the order in which they are moved from. */
  const queue = new IntList();
  /** Passed on a way: moved from only if something else leads there. */
  const passed = new Set<number>();
  const vector = new Int32Array(WIDTH);

  const look = (at: Spot): void => {
    if (onMove !== undefined)
      findings.blame(
        onMove(system, () => trail.tell(at).map(({ line }) => line)),
        at,
      );
  };
  /** @returns where it leads, as Trail.put does; `null` when a machine failed */
  const go = (at: Spot, move: Move): number | null => {
    const { vector: next, wrong } = system.move(vector, move);
    findings.blame(wrong, at);
    if (wrong.some(({ by }) => by === 'machinery')) return null;
    look(at);
    const number = trail.put(next, at);
    edges.push(at.state);
    edges.push(number < 0 ? ~number : number);
    return number;
  };
  const begin = (): void => {
    const { vector: first, wrong } = system.start();
    findings.blame(wrong, { state: 0, move: NO_MOVE });
    trail.put(first, { state: -1, move: 0 });
    passed.add(0);
    look({ state: 0, move: NO_MOVE });
  };
  const open = (state: number): void => {
    if (passed.delete(state)) queue.push(state);
  };
  const follow = (way: readonly string[]): void => {
    let [before, state] = [0, 0];
    for (const line of way) {
      trail.get(state, vector);
      system.load(vector);
      const moves = system.moves(vector);
      const chosen = moves.findIndex((_move, m) => lineAmong(system, moves, m) === line);
      const move = moves[chosen];
      const number = move === undefined ? null : go({ state, move: chosen }, move);
      if (number === null) break;
      before = state;
      state = number < 0 ? ~number : number;
      if (number < 0) passed.add(state);
    }
    open(before);
    open(state);
  };
  const isOver = (): boolean =>
    trail.size >= statesMax || findings.size >= violationsMax || performance.now() - sinceMs > secondsMax * 1000;

  begin();
  for (const way of ways) follow(way);
  let depth = 0;
  let expanded = 0;
  let levelEnd = queue.length;
  for (; expanded < queue.length; expanded++) {
    if (expanded % LOOK_AT_LIMITS_EVERY === 0 && isOver()) break;
    if (expanded === levelEnd) {
      depth += 1;
      levelEnd = queue.length;
      options.onProgress?.({ states: trail.size, expanded, depth });
    }
    const state = queue.at(expanded);
    trail.get(state, vector);
    system.load(vector);
    if (system.rests(vector)) {
      rested.push(state);
      findings.blame(system.atRest(vector), { state, move: NO_MOVE });
    }
    const moves = system.moves(vector);
    for (const [m, move] of moves.entries()) {
      if (m > 0) system.load(vector);
      const number = go({ state, move: m }, move);
      if (number === null) continue;
      if (number < 0) queue.push(~number);
      else if (passed.size > 0) open(number);
    }
  }
  const closed = expanded >= queue.length && passed.size === 0;
  if (closed && findings.size === 0) blameDeadEnds(findings, trail.size, edges, rested);

  return {
    scenario: scenario.name,
    closed,
    states: trail.size,
    transitions: edges.length / 2,
    depth,
    seconds: (performance.now() - sinceMs) / 1000,
    violations: findings.told(trail),
    met: system.checks.checks.filter(({ met }) => met).map(({ number }) => number),
    taken: system.actorSystem.actors.taken,
    entered: [
      ...new Set(system.actorSystem.actors.situations.values.map(({ machine: name, state }) => `${name} ${state}`)),
    ].sort(),
    unexpected: [...system.actorSystem.actors.unexpected].sort(),
    resting: rested.length,
  };
}

/** A state from which nothing leads to rest is a violation. */
function blameDeadEnds(findings: Findings, states: number, edges: IntList, rested: IntList): void {
  const resting = new Uint8Array(states);
  for (let i = 0; i < rested.length; i++) resting[rested.at(i)] = 1;
  const [first, ...others] = deadEnds(states, edges, (number) => resting[number] === 1);
  const what = `nothing leads to rest from here, nor from ${others.length} other states`;
  if (first !== undefined) findings.blame([{ by: 'invariant 13', what }], { state: first, move: NO_MOVE });
}

/**
 * States from which no rest can be reached (invariant 13): backwards from the resting ones along every
 * move.
 *
 * @param edges pairs of states, from and to
 * @returns their numbers, smallest first
 */
export function deadEnds(states: number, edges: IntList, rests: (state: number) => boolean): readonly number[] {
  const starts = new Int32Array(states + 1);
  for (let i = 1; i < edges.length; i += 2) starts[edges.at(i) + 1] = (starts[edges.at(i) + 1] ?? 0) + 1;
  for (let state = 0; state < states; state++) starts[state + 1] = (starts[state + 1] ?? 0) + (starts[state] ?? 0);
  const filled = starts.slice();
  const sources = new Int32Array(edges.length / 2);
  for (let i = 0; i < edges.length; i += 2) {
    const target = edges.at(i + 1);
    const at = filled[target] ?? 0;
    sources[at] = edges.at(i);
    filled[target] = at + 1;
  }
  const comesToRest = new Uint8Array(states);
  const queue: number[] = [];
  for (let state = 0; state < states; state++)
    if (rests(state)) {
      comesToRest[state] = 1;
      queue.push(state);
    }
  for (let state = queue.pop(); state !== undefined; state = queue.pop())
    for (let i = starts[state] ?? 0; i < (starts[state + 1] ?? 0); i++) {
      const source = sources[i] ?? 0;
      if (comesToRest[source] === 1) continue;
      comesToRest[source] = 1;
      queue.push(source);
    }
  return [...comesToRest.keys()].filter((state) => comesToRest[state] === 0);
}
