import type { AnyEventObject } from 'xstate';
import { fault, hasTag, isTimed, VOCABULARY } from '../../../machines/index.js';
import type { Fault, PackageContext } from '../../../machines/index.js';
import type { Place, Timer } from './system-state.js';
import type { Scenario } from './scenario.js';
import type { ActorSystem } from './actor-system.js';
import { Sequences } from './interning.js';

/** What the world, not a person, could do next at one place. */
export type Stimulus = { readonly place: Place; readonly isFault: boolean } & (
  | { readonly kind: 'answer' | 'refusal'; readonly event: number }
  | { readonly kind: 'os'; readonly events: readonly number[] }
  | { readonly kind: 'timer'; readonly timer: Timer }
);

const BROKEN: Fault = fault('store_io_failed', 'It broke.');

/** Delays that pass only when something hangs; every other timer fires in the ordinary course of things. */
const DEADLINES: ReadonlySet<string> = new Set(
  Object.values(VOCABULARY).flatMap(({ delays = {} }) =>
    Object.entries(delays).flatMap(([delay, { isDeadline }]) => (isDeadline === true ? [delay] : [])),
  ),
);

/** So do the deadline of a call, which the effect keeps, and the time a call may wait. */
export const isDeadline = (timerId: string): boolean =>
  timerId === 'call deadline' ||
  timerId.startsWith('wait.') ||
  DEADLINES.has(/^xstate\.after\.([^.]+)\./.exec(timerId)?.[1] ?? '');

/** Everything that could happen next at these places, in a fixed order. */
export function stimuliAt(actorSystem: ActorSystem, places: readonly Place[], scenario: Scenario): readonly Stimulus[] {
  const found: Stimulus[] = [];
  const know = (event: AnyEventObject): number => actorSystem.actors.event(event);
  for (const place of places) {
    if (!actorSystem.isTaken(place)) continue;
    if (place.kind === 'effect') {
      const { src } = actorSystem.effectAt(place);
      const done = { type: `xstate.done.actor.${place.id}`, output: scenario.outputs[src], actorId: place.id };
      found.push({ kind: 'answer', place, isFault: false, event: know(done) });
      const failed = { type: `xstate.error.actor.${place.id}`, error: BROKEN, actorId: place.id };
      if (scenario.mayFail(src)) found.push({ kind: 'refusal', place, isFault: true, event: know(failed) });
    }
    if (place.kind === 'os')
      for (const { events, isFault } of scenario.processes(actorSystem.factsAt(place)))
        found.push({ kind: 'os', place, isFault, events: events.map(know) });
    for (const timer of actorSystem.timersAt(place))
      found.push({ kind: 'timer', place, isFault: isDeadline(timer.id), timer });
  }
  return found;
}

export function apply(actorSystem: ActorSystem, stimulus: Stimulus): void {
  switch (stimulus.kind) {
    case 'answer':
    case 'refusal':
      return actorSystem.answer(stimulus.place, stimulus.event);
    case 'os':
      for (const event of stimulus.events)
        if (actorSystem.isTaken(stimulus.place)) actorSystem.tell(stimulus.place, event);
      return;
    case 'timer':
      return actorSystem.fire(stimulus.place, stimulus.timer);
  }
}

/** `package/screw@1.0.0/process/1/os: call.answered {"callId":1}`, one line of a story. */
export function lineOf(actorSystem: ActorSystem, stimulus: Stimulus): string {
  const { path } = stimulus.place;
  switch (stimulus.kind) {
    case 'answer':
      return `${path} is done`;
    case 'refusal':
      return `${path} fails`;
    case 'os':
      return `${path}: ${stimulus.events.map((event) => briefly(actorSystem.actors.events.of(event))).join('; ')}`;
    case 'timer':
      return `${path}: "${stimulus.timer.id}" is due`;
  }
}

export function briefly({ type, ...rest }: AnyEventObject): string {
  const { fault: _fault, facts: _facts, ...shown } = rest;
  return Object.keys(shown).length === 0 ? type : `${type} ${JSON.stringify(shown)}`;
}

interface Cell {
  readonly place: Place;
  readonly content: number;
  readonly timers: number;
}
/** What the world could do next. */
export interface ByWorld {
  readonly by: 'world';
  readonly stimulus: Stimulus;
}
interface Group {
  readonly cells: readonly Cell[];
  readonly moves: readonly ByWorld[];
  readonly rests: boolean;
}

/** Whose states say whether anything is under way; processes and heartbeats are judged with their package. */
const JUDGED: ReadonlySet<string> = new Set(['runner', 'package', 'route', 'changeover']);

/** Nothing is under way any more, and no timer is to change that. */
const isQuiet = (machine: string, state: string): boolean =>
  hasTag(machine, state, 'steady') && !isTimed(machine, state);

const NOTHING: Group = { cells: [], moves: [], rests: true };

/** One child of the Runner with all that is below it, by number: what is where, and what could happen there next. */
export class Groups {
  readonly #actorSystem: ActorSystem;
  readonly #scenario: Scenario;
  readonly #numbers = new Sequences();
  readonly #groups: Group[] = [NOTHING];
  readonly #key: number[] = [];

  constructor(actorSystem: ActorSystem, scenario: Scenario) {
    this.#actorSystem = actorSystem;
    this.#scenario = scenario;
  }

  of(number: number): Group {
    return this.#groups[number] ?? NOTHING;
  }

  /** Puts everything of a group to where it was. */
  load(group: number, number: number): void {
    const actorSystem = this.#actorSystem;
    for (const place of actorSystem.places.groups[group] ?? []) actorSystem.put(place, 0, 0);
    for (const { place, content, timers } of this.of(number).cells) actorSystem.put(place, content, timers);
  }

  /** The number of a group as it is now. */
  now(group: number): number {
    const { content, timers, places } = this.#actorSystem;
    const own = places.groups[group] ?? [];
    const key = this.#key;
    key.length = 0;
    for (const { number } of own) {
      const there = content[number] ?? 0;
      if (there !== 0) key.push(number, there, timers[number] ?? 0);
    }
    const number = this.#numbers.id(key);
    this.#groups[number] ??= this.#made(own);
    return number;
  }

  #made(places: readonly Place[]): Group {
    const actorSystem = this.#actorSystem;
    const taken = places.filter((place) => actorSystem.isTaken(place));
    return {
      cells: taken.map((place) => {
        return {
          place,
          content: actorSystem.content[place.number] ?? 0,
          timers: actorSystem.timers[place.number] ?? 0,
        };
      }),
      moves: stimuliAt(actorSystem, taken, this.#scenario).map((stimulus) => ({ by: 'world', stimulus })),
      rests: taken.every((place) => this.#restsAt(place)),
    };
  }

  #restsAt(place: Place): boolean {
    const machine = this.#actorSystem.machineAt[place.number] ?? '';
    if (place.kind !== 'machine' || !JUDGED.has(machine)) return true;
    const { state, snapshot } = this.#actorSystem.situationAt(place);
    const { slots = [] } = snapshot.context as Partial<PackageContext>;
    return isQuiet(machine, state) && slots.every(({ phase }) => phase === 'empty' || phase === 'ready');
  }
}
