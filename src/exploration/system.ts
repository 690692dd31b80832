import type { AnyEventObject, AnyStateMachine } from 'xstate';
import type {
  Fault,
  PackageContext,
  PackageEmitted,
  RouteChange,
  RouteContext,
  Seen,
  SystemView,
} from '../../machines/index.js';
import { INVARIANTS } from '../../machines/index.js';
import { Budgets } from './budgets.js';
import { Interner } from './interner.js';
import { Judge, PARTS } from './judge.js';
import type { Place } from './places.js';
import type { Deed, Desk, Look, Scenario } from './scenario.js';
import { Sequences } from './sequences.js';
import { stableJson } from './stable-json.js';
import { StateTable } from './state-table.js';
import { apply, briefly, lineOf, stimuliAt } from './stimuli.js';
import type { Stimulus } from './stimuli.js';
import { World } from './world.js';

/** What one step found wrong; empty when all is well. */
export interface Wrong {
  /** `invariant 3`, or `machinery` when a machine failed. */
  readonly by: string;
  readonly what: string;
}

export type Move =
  { readonly by: 'world'; readonly stimulus: Stimulus } | { readonly by: 'person'; readonly deed: Deed };

/** The state a step led to, and what was wrong on the way. */
export interface Arrival {
  readonly vector: Int32Array;
  readonly wrong: readonly Wrong[];
}

interface Cell {
  readonly place: Place;
  readonly content: number;
  readonly timers: number;
}
interface Group {
  readonly cells: readonly Cell[];
  readonly stimuli: readonly Stimulus[];
  /** Nothing of it is under way. */
  readonly rests: boolean;
}

/**
 * Where nothing is under way any more: a release that rests, or serves with nothing in flight; a route that nothing is
 * done to, or that waits for its release to serve as many calls as it has to; a Runner that serves, or has ended.
 */
const RESTS: Readonly<Record<string, RegExp>> = {
  runner: /^(Serving|Closed|Failed)$/,
  package: /^(Running|Validated\.Waiting|Deployed\.Idle|Stopped\.Idle|Invalid\.Waiting)$/,
  route: /^(Unbound|Serving|Probation\.Extended)$/,
  changeover: /^$/,
};

/** Desk, memories, and the Runner's children: more than any scenario has. */
export const WIDTH = 16;
const [DESK, MEMORIES, FIRST_GROUP] = [0, 1, 2];
/** What may still happen: the last number. */
export const BUDGET = WIDTH - 1;

/**
 * A scenario that can be put into any of its states and moved from there: a state is a vector of numbers, one for the
 * desk, one for what the invariants remember, one for each child of the Runner with all that is below it.
 */
export class System {
  readonly world: World;
  readonly judges = INVARIANTS.map((invariant) => new Judge(invariant));
  readonly #scenario: Scenario;
  readonly #desks = new Interner<Desk>();
  readonly #memoryNumbers = new Sequences();
  readonly #memories: (readonly number[])[] = [];
  readonly #groupNumbers = new Sequences();
  readonly #groups: Group[] = [{ cells: [], stimuli: [], rests: true }];
  readonly #parts = PARTS.map(() => new Sequences());
  readonly #partsNow = new Int32Array(PARTS.length);
  readonly #deskNumbers = new WeakMap<Desk, number>();
  readonly #deedsOf = new StateTable(PARTS.length + 1);
  readonly #deeds: (readonly Deed[])[] = [];
  readonly #loaded = new Int32Array(WIDTH);
  readonly #budgets: Budgets;
  #desk: Desk = { open: {}, files: {} };
  /** Calls that got their outcome in this step, to be told to their routes when it is over. */
  #settled: number[] = [];

  constructor(scenario: Scenario, machine: AnyStateMachine) {
    this.#scenario = scenario;
    this.#budgets = new Budgets(scenario.budget);
    this.world = new World(machine, { emitted: (place, event) => this.#hear(place, event) });
    this.world.begin(machine, scenario.input);
    this.#memories[0] = this.judges.map(() => 0);
  }

  /** The first state; what happened on the way there is judged too. */
  start(): Arrival {
    const nothing = new Int32Array(WIDTH);
    nothing[BUDGET] = this.#budgets.start;
    const first = this.#arrive(nothing);
    return this.#scenario.isWarm ? this.#warm(first) : first;
  }

  /** Whatever can go well goes well, until nothing is left to do. */
  #warm(first: Arrival): Arrival {
    let { vector, wrong } = first;
    for (;;) {
      this.load(vector);
      const next = this.moves(vector).find(({ by, ...move }) => by === 'world' && goesWell(move as never));
      if (next === undefined) return { vector, wrong };
      const moved = this.move(vector, next);
      vector = moved.vector;
      wrong = [...wrong, ...moved.wrong];
    }
  }

  load(vector: Int32Array): void {
    const { world } = this;
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++) {
      const group = slot - FIRST_GROUP;
      const wanted = vector[slot] ?? 0;
      if (this.#loaded[slot] === wanted && !world.touched.has(group)) continue;
      for (const place of world.places.groups[group] ?? []) world.put(place, 0, 0);
      for (const { place, content, timers } of this.#groups[wanted]?.cells ?? []) world.put(place, content, timers);
      this.#loaded[slot] = wanted;
    }
    world.touched.clear();
    this.#desk = this.#desks.of(vector[DESK] ?? 0);
  }

  /** What could happen next in the state that is loaded, in a fixed order. */
  moves(vector: Int32Array): readonly Move[] {
    const budget = vector[BUDGET] ?? 0;
    const mayFail = this.#budgets.has(budget, FAULTS);
    const moves: Move[] = [];
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++)
      for (const stimulus of this.#groups[vector[slot] ?? 0]?.stimuli ?? [])
        if (mayFail || !stimulus.isFault) moves.push({ by: 'world', stimulus });
    for (const deed of this.#deedsNow(vector))
      if (this.#budgets.has(budget, deed.spends)) moves.push({ by: 'person', deed });
    return moves;
  }

  /** People look at nothing but the desk and the actors. */
  #deedsNow(vector: Int32Array): readonly Deed[] {
    const key = new Int32Array(PARTS.length + 1);
    key.set(this.#lookAtParts());
    key[PARTS.length] = vector[DESK] ?? 0;
    const known = this.#deedsOf.put(key);
    if (known >= 0) return this.#deeds[known] ?? [];
    return (this.#deeds[~known] = this.#scenario.deeds(this.look));
  }

  /** Moves on from the state that is loaded, which `from` names. */
  move(from: Int32Array, move: Move): Arrival {
    this.world.happened = [];
    this.#settled = [];
    try {
      if (move.by === 'world') this.#applyStimulus(move.stimulus);
      else this.#applyDeed(move.deed);
      this.#closeFlows();
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      return { vector: from, wrong: [{ by: 'machinery', what }] };
    }
    return this.#arrive(from, move.by === 'person' ? move.deed.spends : move.stimulus.isFault ? FAULTS : null);
  }

  lineOf(move: Move): string {
    if (move.by === 'world') return lineOf(this.world, move.stimulus);
    return move.deed.events.map(({ to, event }) => `${to} ← ${briefly(event)}`).join('; ');
  }

  /** What happened in the last move. */
  get happened(): readonly Seen[] {
    return this.world.happened.map((id) => this.world.sights.of(id));
  }

  readonly look: Look = (() => {
    const situationAt = (path: string) => {
      const place = this.#placeOf(path);
      if (place === undefined || !this.world.isTaken(place)) return undefined;
      return this.world.actors.situations.of((this.world.content[place.number] ?? 0) - 1);
    };
    const desk = (): Desk => this.#desk;
    return {
      get desk() {
        return desk();
      },
      state: (path) => situationAt(path)?.state,
      context: <T>(path: string) => situationAt(path)?.snapshot.context as T | undefined,
    };
  })();

  readonly #byPath = new Map<string, Place>();

  #placeOf(path: string): Place | undefined {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const found = this.world.places.all.find((place) => place.path === path);
    if (found !== undefined) this.#byPath.set(path, found);
    return found;
  }

  #applyStimulus(stimulus: Stimulus): void {
    if (stimulus.kind === 'answer') this.#keep(stimulus.place);
    apply(this.world, stimulus);
  }

  #applyDeed(deed: Deed): void {
    this.#desk = this.#left(deed, this.#desk);
    for (const { to, event } of deed.events) {
      const place = this.#placeOf(to);
      if (place !== undefined) this.world.send(place, this.world.actors.event(event));
    }
  }

  /** The desk as the deed leaves it; the same object for the same desk, so that it is numbered once. */
  #left(deed: Deed, desk: Desk): Desk {
    const known = this.#leftBy.get(deed) ?? new Map<Desk, Desk>();
    this.#leftBy.set(deed, known);
    const left = known.get(desk) ?? this.#desks.of(this.#numberOf(deed.desk(desk)));
    known.set(desk, left);
    return left;
  }
  readonly #leftBy = new WeakMap<Deed, Map<Desk, Desk>>();

  /** What an effect that succeeds leaves in the store. */
  #keep(place: Place): void {
    const { src, input } = this.world.effectAt(place);
    const files = { ...this.#desk.files };
    if (src === 'recoverStore')
      for (const { pid, key, previous, probation } of this.#scenario.store.routes)
        if (key !== null) files[pid] = { pid, key, previous, probation };
    if (src === 'commitRoutes')
      for (const route of (input as RouteChange).routes)
        if (route.key === null) delete files[route.pid];
        else files[route.pid] = route;
    this.#desk = { ...this.#desk, files };
  }

  /** The face: it tells routes on probation how attempts end, and flows that their call has its outcome. */
  #hear(place: Place, event: AnyEventObject): void {
    if (this.world.machineAt[place.number] !== 'package') return;
    const said = event as PackageEmitted;
    switch (said.type) {
      case 'call.settled':
        this.#settled.push(said.callId);
        return said.outcome === 'cancelled'
          ? undefined
          : this.#observe(said.callId, said.outcome === 'result' ? null : (said.fault ?? BROKEN));
      case 'call.retried':
        return this.#observe(said.callId, said.fault ?? BROKEN);
      case 'call.refused':
        this.#settled.push(said.callId);
        return;
      case 'call.freed':
      case 'operation.refused':
        return;
    }
  }

  #observe(callId: number, failure: Fault | null): void {
    const call = this.#desk.open[callId];
    const route = call === undefined ? undefined : this.#placeOf(`route/${call.pid}`);
    if (call === undefined || route === undefined) return;
    const { onProbation, release } = this.look.context<RouteContext>(route.path) ?? {};
    if (onProbation !== true || release !== call.key) return;
    this.world.send(route, this.world.actors.event({ type: 'call.observed', key: release, failure }));
  }

  #closeFlows(): void {
    for (const callId of this.#settled) {
      const call = this.#desk.open[callId];
      this.#closed(callId);
      const route = call === undefined ? undefined : this.#placeOf(`route/${call.pid}`);
      if (call === undefined || route === undefined) continue;
      const event = { type: 'flow.closed', flowId: callId, key: call.key, reason: 'finished' };
      this.world.send(route, this.world.actors.event(event));
    }
  }

  #closed(callId: number): void {
    const desk = this.#desk;
    const known = this.#closedOn.get(desk) ?? new Map<number, Desk>();
    this.#closedOn.set(desk, known);
    const { [callId]: _call, ...open } = desk.open;
    this.#desk = known.get(callId) ?? this.#desks.of(this.#numberOf({ ...desk, open }));
    known.set(callId, this.#desk);
  }
  readonly #closedOn = new WeakMap<Desk, Map<number, Desk>>();

  #arrive(from: Int32Array, spent: string | null = null): Arrival {
    const { world } = this;
    const vector = from.slice();
    if (spent !== null) vector[BUDGET] = this.#budgets.less(from[BUDGET] ?? 0, spent);
    for (const group of world.touched) {
      const slot = group + FIRST_GROUP;
      if (slot >= BUDGET) throw new Error(`a scenario may have ${BUDGET - FIRST_GROUP} children of the Runner at most`);
      vector[slot] = this.#groupNow(group);
      this.#loaded[slot] = vector[slot];
    }
    world.touched.clear();
    vector[DESK] = this.#numberOf(this.#desk);
    const wrong = this.#judge(vector, this.#memories[from[MEMORIES] ?? 0] ?? []);
    return { vector, wrong };
  }

  #numberOf(desk: Desk): number {
    const known = this.#deskNumbers.get(desk);
    if (known !== undefined) return known;
    const number = this.#desks.id(stableJson(desk), () => desk);
    this.#deskNumbers.set(desk, number);
    return number;
  }

  #groupNow(group: number): number {
    const { world } = this;
    const places = world.places.groups[group] ?? [];
    const key = this.#key;
    key.length = 0;
    for (const { number } of places) {
      const content = world.content[number] ?? 0;
      if (content !== 0) key.push(number, content, world.timers[number] ?? 0);
    }
    const number = this.#groupNumbers.id(key);
    this.#groups[number] ??= {
      cells: places
        .filter((place) => world.isTaken(place))
        .map((place) => {
          return { place, content: world.content[place.number] ?? 0, timers: world.timers[place.number] ?? 0 };
        }),
      stimuli: stimuliAt(world, places, this.#scenario),
      rests: places.every((place) => this.#restsAt(place)),
    };
    return number;
  }
  readonly #key: number[] = [];

  #restsAt(place: Place): boolean {
    const { content, machineAt, actors } = this.world;
    const resting = RESTS[machineAt[place.number] ?? ''];
    if (place.kind !== 'machine' || resting === undefined || !this.world.isTaken(place)) return true;
    const { state, snapshot } = actors.situations.of((content[place.number] ?? 0) - 1);
    const { slots = [] } = snapshot.context as Partial<PackageContext>;
    return resting.test(state) && slots.every(({ phase }) => phase === 'empty' || phase === 'ready');
  }

  /** Nothing is under way in this state. */
  rests(vector: Int32Array): boolean {
    for (let slot = FIRST_GROUP; slot < BUDGET; slot++)
      if (this.#groups[vector[slot] ?? 0]?.rests !== true) return false;
    return true;
  }

  #judge(vector: Int32Array, memories: readonly number[]): readonly Wrong[] {
    const { happened, sights } = this.world;
    const parts = this.#lookAtParts();
    const view = this.view;
    const wrong: Wrong[] = [];
    const now: number[] = [];
    for (let i = 0; i < this.judges.length; i++) {
      const judge = this.judges[i] as Judge;
      const verdict = judge.judge(memories[i] ?? 0, happened, sights, parts, view);
      now.push(verdict.memory);
      for (const what of verdict.wrong) wrong.push({ by: `invariant ${judge.number}`, what });
    }
    const number = this.#memoryNumbers.id(now);
    this.#memories[number] ??= now;
    vector[MEMORIES] = number;
    return wrong;
  }

  /** What invariants have to say once nothing is under way. */
  atRest(vector: Int32Array): readonly Wrong[] {
    const memories = this.#memories[vector[MEMORIES] ?? 0] ?? [];
    const view = this.view;
    return this.judges.flatMap((judge, i) =>
      judge.atRest(memories[i] ?? 0, view).map((what) => ({ by: `invariant ${judge.number}, at rest`, what })),
    );
  }

  #lookAtParts(): Int32Array {
    const { content, places, machineAt } = this.world;
    const found = this.#found;
    for (const list of found) list.length = 0;
    for (const { number } of places.all) {
      const part = PART_OF[machineAt[number] ?? ''];
      if (part !== undefined) found[part]?.push(content[number] ?? 0);
    }
    // Of the Runner only its state can be seen.
    found[RUNNER]?.push(this.#states.id(this.view.runner.state, () => ''));
    found[FILES]?.push(this.#filesNumber());
    for (let i = 0; i < PARTS.length; i++) this.#partsNow[i] = this.#parts[i]?.id(found[i] ?? []) ?? 0;
    return this.#partsNow;
  }
  readonly #found: number[][] = PARTS.map(() => []);

  #filesNumber(): number {
    const { files } = this.#desk;
    const known = this.#fileNumbers.get(files);
    if (known !== undefined) return known;
    const number = this.#files.id(stableJson(files), () => files);
    this.#fileNumbers.set(files, number);
    return number;
  }
  readonly #states = new Interner<string>();
  readonly #files = new Interner<object>();
  readonly #fileNumbers = new WeakMap<object, number>();

  /** The living actors as invariants see them. */
  readonly view: SystemView = (() => {
    const world = (): World => this.world;
    const desk = (): Desk => this.#desk;
    const all = (machine: string, name: (path: string) => string) => {
      const { places, machineAt, content } = world();
      const found = places.all.filter(
        ({ kind, number }) => kind === 'machine' && machineAt[number] === machine && content[number] !== 0,
      );
      return new Map(found.map(({ path, number }) => [name(path), world().shown((content[number] ?? 0) - 1)]));
    };
    const afterSlash = (path: string): string => path.slice(path.indexOf('/') + 1);
    return {
      nowMs: 0,
      lateMs: 0,
      isTimeless: true as const,
      get runner() {
        return world().shown((world().content[world().root.number] ?? 0) - 1);
      },
      get packages() {
        return all('package', afterSlash);
      },
      get routes() {
        return all('route', afterSlash);
      },
      get changeovers() {
        return all('changeover', afterSlash);
      },
      get processes() {
        return all('process', (path) => path);
      },
      get files() {
        return new Map(Object.entries(desk().files));
      },
    };
  })();
}

const goesWell = ({ stimulus }: { readonly stimulus: Stimulus }): boolean =>
  !stimulus.isFault && (stimulus.kind === 'answer' || stimulus.kind === 'os');

const FAULTS = 'faults';

/** Which part of the view a machine's actors are, as PARTS counts them. */
const PART_OF: Readonly<Record<string, number>> = { package: 1, route: 2, changeover: 3, process: 4 };
const RUNNER = PARTS.indexOf('runner');
const FILES = PARTS.indexOf('files');
const BROKEN: Fault = { code: '3010', name: 'algorithm_error', message: 'The algorithm answered with an error.' };
