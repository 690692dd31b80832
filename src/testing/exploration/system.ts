import type { AnyStateMachine } from 'xstate';
import type { PackageEmitted, RouteChange, RouteContext, Seen } from '../../../machines/index.js';
import { Budgets } from './scenario.js';
import { Court, PARTS } from './invariant-checks.js';
import type { Wrong } from './invariant-checks.js';
import { Desks, Face } from './environment.js';
import { apply, briefly, Groups, lineOf } from './stimuli.js';
import type { ByWorld, Stimulus } from './stimuli.js';
import type { Place } from './system-state.js';
import type { Deed, Look, Scenario } from './scenario.js';
import { StateTable } from './visited-states.js';
import { viewOf } from './system-view.js';
import { OUTSIDE, World } from './actor-system.js';

/** What the world, or a person, could do next. */
export type Move = ByWorld | ByPerson;
export interface ByPerson {
  readonly by: 'person';
  readonly deed: Deed;
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

/** Desk, memories, the Runner and its children, budget: more than any scenario has. */
export const WIDTH = 16;
const [DESK, MEMORIES, FIRST_GROUP] = [0, 1, 2];
/** What may still happen: the last number. */
const BUDGET = WIDTH - 1;
const FAULTS = 'faults';

/**
 * A scenario that can be put into any of its states and moved from there: a state is a vector of numbers, one for the
 * desk, one for what the invariants remember, one for each child of the Runner with all that is below it, one for what
 * may still happen.
 */
export class System {
  readonly world: World;
  readonly court: Court;
  readonly #scenario: Scenario;
  readonly #budgets: Budgets;
  readonly #desks = new Desks();
  readonly #groups: Groups;
  readonly #face: Face;
  readonly #loaded = new Int32Array(WIDTH);
  readonly #next = new Int32Array(WIDTH);
  readonly #byPath = new Map<string, Place>();
  readonly #deedKey = new Int32Array(PARTS.length + 1);
  readonly #deedsIn = new StateTable(PARTS.length + 1);
  readonly #deeds: (readonly ByPerson[])[] = [];
  readonly look: Look;

  constructor(scenario: Scenario, machine: AnyStateMachine, isExact = false) {
    this.#scenario = scenario;
    this.#budgets = new Budgets(scenario.budget);
    this.world = new World(machine, isExact, (place, event) => {
      if (this.world.machineAt[place.number] === 'package') this.#face.hear(event as PackageEmitted);
    });
    this.look = this.#looking();
    this.#face = new Face({
      open: () => this.#desks.now.open,
      route: (pid) => this.look.context<RouteContext>(`route/${pid}`),
      send: (path, event) => this.#send(path, this.world.actors.event(event)),
      close: (callId) => this.#desks.close(callId),
    });
    this.#groups = new Groups(this.world, scenario);
    const view = viewOf(this.world, () => this.#desks.now);
    this.court = new Court(this.world, view, () => this.#desks.filesNumber);
    this.world.begin(machine, scenario.input);
  }

  /** The first state; what happened on the way there is judged too. */
  start(): Arrival {
    const nothing = new Int32Array(WIDTH);
    nothing[BUDGET] = this.#budgets.start;
    nothing[MEMORIES] = this.court.start;
    const first = this.#arrive(nothing, null);
    return this.#scenario.isWarm ? this.#warmedUp(first) : first;
  }

  load(vector: Int32Array): void {
    const { touched } = this.world;
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++) {
      const wanted = vector[slot] ?? 0;
      if (this.#loaded[slot] === wanted && !touched.has(slot - FIRST_GROUP)) continue;
      this.#groups.load(slot - FIRST_GROUP, wanted);
      this.#loaded[slot] = wanted;
    }
    touched.clear();
    this.#desks.load(vector[DESK] ?? 0);
  }

  /** Opens the state that is loaded for moves from it. @returns what could happen next, in a fixed order */
  moves(vector: Int32Array): readonly Move[] {
    const budget = vector[BUDGET] ?? 0;
    const mayFail = this.#budgets.has(budget, FAULTS);
    const moves: Move[] = [];
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++)
      for (const move of this.#groups.of(vector[slot] ?? 0).moves)
        if (mayFail || !move.stimulus.isFault) moves.push(move);
    for (const move of this.#deedsNow(vector)) if (this.#budgets.has(budget, move.deed.spends)) moves.push(move);
    return moves;
  }

  /** Moves on from the state that is loaded, which `from` names. */
  move(from: Int32Array, move: Move): Arrival {
    this.world.forget();
    try {
      if (move.by === 'world') this.#applyStimulus(move.stimulus);
      else this.#applyDeed(move.deed);
      this.#face.closeFlows();
    } catch (error) {
      this.world.recover();
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
    return this.court.atRest(vector[MEMORIES] ?? 0);
  }

  /** What happened in the last move, and who sent what each step was about (a path, null: nobody inside). */
  get happened(): readonly Happening[] {
    const { happened, senders, sights, places } = this.world;
    let steps = 0;
    return happened.map((id) => {
      const seen = sights.of(id);
      const sender = seen.what === 'delivered' ? (senders[steps++] ?? OUTSIDE) : OUTSIDE;
      return { seen, from: places.all[sender]?.path ?? null };
    });
  }

  lineOf(move: Move): string {
    if (move.by === 'world') return lineOf(this.world, move.stimulus);
    return move.deed.events.map(({ to, event }) => `${to} ← ${briefly(event)}`).join('; ');
  }

  #arrive(from: Int32Array, spent: string | null): Arrival {
    const { touched } = this.world;
    const vector = this.#next;
    vector.set(from);
    if (spent !== null) vector[BUDGET] = this.#budgets.less(from[BUDGET] ?? 0, spent);
    for (const group of touched) {
      const slot = group + FIRST_GROUP;
      if (slot >= BUDGET) throw new Error(`a scenario may have ${BUDGET - FIRST_GROUP} children of the Runner at most`);
      this.#loaded[slot] = vector[slot] = this.#groups.now(group);
    }
    touched.clear();
    vector[DESK] = this.#desks.number;
    const { memories, wrong } = this.court.judge(from[MEMORIES] ?? 0);
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

  /** People look at nothing but the desk and the actors. */
  #deedsNow(vector: Int32Array): readonly ByPerson[] {
    const key = this.#deedKey;
    key.set(this.court.open());
    key[PARTS.length] = vector[DESK] ?? 0;
    const known = this.#deedsIn.put(key);
    if (known >= 0) return this.#deeds[known] ?? [];
    return (this.#deeds[~known] = this.#scenario.deeds(this.look).map((deed) => ({ by: 'person', deed })));
  }

  #applyStimulus(stimulus: Stimulus): void {
    if (stimulus.kind === 'answer') {
      const { src, input } = this.world.effectAt(stimulus.place);
      if (src === 'recoverStore') this.#desks.recall(this.#scenario.store);
      if (src === 'commitRoutes') this.#desks.commit(input as RouteChange);
    }
    apply(this.world, stimulus);
  }

  #applyDeed(deed: Deed): void {
    this.#desks.leaveBy(deed);
    for (const { to, event } of deed.events) this.#send(to, this.world.actors.event(event));
  }

  #send(path: string, event: number): void {
    const place = this.#placeOf(path);
    if (place !== undefined) this.world.send(place, event);
  }

  #placeOf(path: string): Place | undefined {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const found = this.world.places.all.find((place) => place.path === path);
    if (found !== undefined) this.#byPath.set(path, found);
    return found;
  }

  #looking(): Look {
    const situation = (path: string) => {
      const place = this.#placeOf(path);
      return place === undefined || !this.world.isTaken(place) ? undefined : this.world.situationAt(place);
    };
    const desks = this.#desks;
    return {
      get desk() {
        return desks.now;
      },
      state: (path) => situation(path)?.state,
      context: <T>(path: string) => situation(path)?.snapshot.context as T | undefined,
    };
  }
}

function spentBy(move: Move): string | null {
  if (move.by === 'person') return move.deed.spends;
  return move.stimulus.isFault ? FAULTS : null;
}

const goesWell = (move: Move): boolean =>
  move.by === 'world' && !move.stimulus.isFault && (move.stimulus.kind === 'answer' || move.stimulus.kind === 'os');
