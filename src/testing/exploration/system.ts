import type { AnyStateMachine } from 'xstate';
import type { PackageEmitted, RouteChange, RouteContext, Seen } from '../../../machines/index.js';
import { Budgets } from './scenario.js';
import { InvariantChecks } from './invariant-checks.js';
import type { Wrong } from './invariant-checks.js';
import { Environments, FrontEnd } from './environment.js';
import { apply, briefly, Groups, lineOf } from './stimuli.js';
import type { ByWorld, Stimulus } from './stimuli.js';
import type { Place } from './system-state.js';
import type { UserAction, Look, Scenario } from './scenario.js';
import { StateTable } from './visited-states.js';
import { PARTS, viewOf } from './system-view.js';
import { OUTSIDE, ActorSystem } from './actor-system.js';

/** What the world, or a person, could do next. */
export type Move = ByWorld | ByPerson;
export interface ByPerson {
  readonly by: 'person';
  readonly userAction: UserAction;
}

/** The state a move led to, and what was wrong on the way. */
export interface Arrival {
  /** The same array after every move: good until the next one. */
  readonly vector: Int32Array;
  readonly wrong: readonly Wrong[];
}

export interface Happening {
  readonly seen: Seen;
  readonly from: string | null;
}

/** Environment, memories, the Runner and its children, budget: more than any scenario has. */
export const WIDTH = 16;
const [DESK, MEMORIES, FIRST_GROUP] = [0, 1, 2];
/** What may still happen: the last number. */
const BUDGET = WIDTH - 1;
const FAULTS = 'faults';

/**
 * A scenario that can be put into any of its states and moved from there: a state is a vector of numbers, one for the
 * environment, one for what the invariants remember, one for each child of the Runner with all that is below it, one for what
 * may still happen.
 */
export class System {
  readonly actorSystem: ActorSystem;
  readonly checks: InvariantChecks;
  readonly #scenario: Scenario;
  readonly #budgets: Budgets;
  readonly #environments = new Environments();
  readonly #groups: Groups;
  readonly #frontEnd: FrontEnd;
  readonly #loaded = new Int32Array(WIDTH);
  readonly #next = new Int32Array(WIDTH);
  readonly #byPath = new Map<string, Place>();
  readonly #deedKey = new Int32Array(PARTS.length + 1);
  readonly #deedsIn = new StateTable(PARTS.length + 1);
  readonly #userActions: (readonly ByPerson[])[] = [];
  readonly look: Look;

  constructor(scenario: Scenario, machine: AnyStateMachine, isExact = false) {
    this.#scenario = scenario;
    this.#budgets = new Budgets(scenario.budget);
    this.actorSystem = new ActorSystem(machine, isExact, (place, event) => {
      if (this.actorSystem.machineAt[place.number] === 'package') this.#frontEnd.hear(event as PackageEmitted);
    });
    this.look = this.#looking();
    this.#frontEnd = new FrontEnd({
      open: () => this.#environments.now.open,
      route: (pid) => this.look.context<RouteContext>(`route/${pid}`),
      send: (path, event) => this.#send(path, this.actorSystem.actors.event(event)),
      close: (callId) => this.#environments.close(callId),
    });
    this.#groups = new Groups(this.actorSystem, scenario);
    const view = viewOf(this.actorSystem, () => this.#environments.now);
    this.checks = new InvariantChecks(this.actorSystem, view, () => this.#environments.filesNumber);
    this.actorSystem.begin(machine, scenario.input);
  }

  /** The first state; what happened on the way there is judged too. */
  start(): Arrival {
    const nothing = new Int32Array(WIDTH);
    nothing[BUDGET] = this.#budgets.start;
    nothing[MEMORIES] = this.checks.start;
    const first = this.#arrive(nothing, null);
    return this.#scenario.isWarm ? this.#warmedUp(first) : first;
  }

  load(vector: Int32Array): void {
    const { touched } = this.actorSystem;
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++) {
      const wanted = vector[slot] ?? 0;
      if (this.#loaded[slot] === wanted && !touched.has(slot - FIRST_GROUP)) continue;
      this.#groups.load(slot - FIRST_GROUP, wanted);
      this.#loaded[slot] = wanted;
    }
    touched.clear();
    this.#environments.load(vector[DESK] ?? 0);
  }

  /** Opens the state that is loaded for moves from it. @returns what could happen next, in a fixed order */
  moves(vector: Int32Array): readonly Move[] {
    const budget = vector[BUDGET] ?? 0;
    const mayFail = this.#budgets.has(budget, FAULTS);
    const moves: Move[] = [];
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++)
      for (const move of this.#groups.of(vector[slot] ?? 0).moves)
        if (mayFail || !move.stimulus.isFault) moves.push(move);
    for (const move of this.#deedsNow(vector)) if (this.#budgets.has(budget, move.userAction.spends)) moves.push(move);
    return moves;
  }

  /** Moves on from the state that is loaded, which `from` names. */
  move(from: Int32Array, move: Move): Arrival {
    this.actorSystem.forget();
    try {
      if (move.by === 'world') this.#applyStimulus(move.stimulus);
      else this.#applyDeed(move.userAction);
      this.#frontEnd.closeFlows();
    } catch (error) {
      this.actorSystem.recover();
      const what = error instanceof Error ? error.message : String(error);
      return { vector: from, wrong: [{ by: 'machinery', what }] };
    }
    return this.#arrive(from, spentBy(move));
  }

  /** Nothing is under way in this state. */
  rests(vector: Int32Array): boolean {
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++) if (!this.#groups.of(vector[slot] ?? 0).rests) return false;
    return true;
  }

  atRest(vector: Int32Array): readonly Wrong[] {
    return this.checks.atRest(vector[MEMORIES] ?? 0);
  }

  /** What happened in the last move, and who sent what each step was about (a path, null: nobody inside). */
  get happened(): readonly Happening[] {
    const { happened, senders, observations, places } = this.actorSystem;
    let steps = 0;
    return happened.map((id) => {
      const seen = observations.of(id);
      const sender = seen.what === 'delivered' ? (senders[steps++] ?? OUTSIDE) : OUTSIDE;
      return { seen, from: places.all[sender]?.path ?? null };
    });
  }

  lineOf(move: Move): string {
    if (move.by === 'world') return lineOf(this.actorSystem, move.stimulus);
    return move.userAction.events.map(({ to, event }) => `${to} ← ${briefly(event)}`).join('; ');
  }

  #arrive(from: Int32Array, spent: string | null): Arrival {
    const { touched } = this.actorSystem;
    const vector = this.#next;
    vector.set(from);
    if (spent !== null) vector[BUDGET] = this.#budgets.less(from[BUDGET] ?? 0, spent);
    for (const group of touched) {
      const slot = group + FIRST_GROUP;
      if (slot >= BUDGET) throw new Error(`a scenario may have ${BUDGET - FIRST_GROUP} children of the Runner at most`);
      this.#loaded[slot] = vector[slot] = this.#groups.now(group);
    }
    touched.clear();
    vector[DESK] = this.#environments.number;
    const { memories, wrong } = this.checks.judge(from[MEMORIES] ?? 0);
    vector[MEMORIES] = memories;
    return { vector, wrong };
  }

  /** Whatever can go well goes well, until nothing is left to do. */
  #warmedUp(first: Arrival): Arrival {
    let { wrong } = first;
    const vector = first.vector.slice();
    for (;;) {
      this.load(vector);
      const next = this.moves(vector).find(goesWell);
      if (next === undefined) return { vector, wrong };
      const moved = this.move(vector, next);
      vector.set(moved.vector);
      wrong = [...wrong, ...moved.wrong];
    }
  }

  /** People look at nothing but the environment and the actors. */
  #deedsNow(vector: Int32Array): readonly ByPerson[] {
    const key = this.#deedKey;
    key.set(this.checks.open());
    key[PARTS.length] = vector[DESK] ?? 0;
    const known = this.#deedsIn.put(key);
    if (known >= 0) return this.#userActions[known] ?? [];
    return (this.#userActions[~known] = this.#scenario
      .userActions(this.look)
      .map((userAction) => ({ by: 'person', userAction })));
  }

  #applyStimulus(stimulus: Stimulus): void {
    if (stimulus.kind === 'answer') {
      const { src, input } = this.actorSystem.effectAt(stimulus.place);
      if (src === 'recoverStore') this.#environments.recall(this.#scenario.store);
      if (src === 'commitRoutes') this.#environments.commit(input as RouteChange);
    }
    apply(this.actorSystem, stimulus);
  }

  #applyDeed(userAction: UserAction): void {
    this.#environments.leaveBy(userAction);
    for (const { to, event } of userAction.events) this.#send(to, this.actorSystem.actors.event(event));
  }

  #send(path: string, event: number): void {
    const place = this.#placeOf(path);
    if (place !== undefined) this.actorSystem.send(place, event);
  }

  #placeOf(path: string): Place | undefined {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const found = this.actorSystem.places.all.find((place) => place.path === path);
    if (found !== undefined) this.#byPath.set(path, found);
    return found;
  }

  #looking(): Look {
    const situation = (path: string) => {
      const place = this.#placeOf(path);
      return place === undefined || !this.actorSystem.isTaken(place) ? undefined : this.actorSystem.situationAt(place);
    };
    const environments = this.#environments;
    return {
      get environment() {
        return environments.now;
      },
      state: (path) => situation(path)?.state,
      context: <T>(path: string) => situation(path)?.snapshot.context as T | undefined,
    };
  }
}

function spentBy(move: Move): string | null {
  if (move.by === 'person') return move.userAction.spends;
  return move.stimulus.isFault ? FAULTS : null;
}

const goesWell = (move: Move): boolean =>
  move.by === 'world' && !move.stimulus.isFault && (move.stimulus.kind === 'answer' || move.stimulus.kind === 'os');
