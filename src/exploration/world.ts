import { StateMachine } from 'xstate';
import type { AnyEventObject, AnyStateMachine } from 'xstate';
import { fault } from '../../machines/index.js';
import type { OsCommand, OsEvent, Seen } from '../../machines/index.js';
import { BORN, commanded, reported } from '../model/index.js';
import type { OsFacts } from '../model/index.js';
import { Actors } from './actors.js';
import type { KnownAct, KnownStep, Situation } from './actors.js';
import { Interner } from './interner.js';
import { Places } from './places.js';
import type { Place } from './places.js';

/** An effect under way. */
export interface Effect {
  readonly src: string;
  readonly input: unknown;
}
/** One armed timer; `event` by number. */
export interface Timer {
  readonly id: string;
  readonly event: number;
}

/** Told at once what an actor says to the faces. */
type Listener = (place: Place, event: AnyEventObject) => void;

/** In the middle of a step; once `left`, the actor has been taken away and another may have its place. */
interface Frame {
  left: boolean;
}

const PLACES_MAX = 128;
const CALL_DEADLINE = 'call deadline';

/**
 * Everything that lives, in numbers: a place holds a situation, the facts of an operating-system process or an effect
 * under way, and the timers that were armed there. One world is moved from state to state.
 *
 * INVARIANTS
 * - Delivery is XState's: run to completion, depth first, a mailbox only while the receiver is busy. Between two outside
 *   events every mailbox is empty.
 * - Time does not exist: an armed timer may fire at any moment, in any order.
 * - What is said and done here equals what `Composition` and XState itself do (test/exploration/likeness.test.ts).
 */
export class World {
  readonly actors = new Actors();
  readonly places = new Places();
  readonly facts = new Interner<OsFacts>();
  readonly effects = new Interner<Effect>();
  readonly timerLists = new Interner<readonly Timer[]>();
  /** What can be seen, by number; what happened since `forget` in processing order. */
  readonly sights = new Interner<Seen>();
  happened: number[] = [];
  /** By place: number of what is there, plus one; 0: nothing. */
  readonly content = new Int32Array(PLACES_MAX);
  readonly timers = new Int32Array(PLACES_MAX);
  /** Groups that may differ from what was last loaded. */
  readonly touched = new Set<number>();
  readonly root: Place;
  /** By place: which machine lives or last lived there. */
  readonly machineAt: string[] = [];
  readonly #frames: (Frame | undefined)[] = [];
  readonly #mailboxes: number[][] = [];
  readonly #listener: Listener;
  readonly #sightOf: Map<KnownStep | string, number>[] = [];
  readonly #commands = new Map<number, Map<number, number>>();

  constructor(machine: AnyStateMachine, listener: Listener) {
    this.#listener = listener;
    this.timerLists.id('', () => []);
    this.root = this.places.root(machine.id);
  }

  begin(machine: AnyStateMachine, input: unknown): void {
    this.#bear(this.root, machine, input);
  }

  /** After a machine has failed in the middle of a step. */
  recover(): void {
    this.#frames.length = 0;
    this.#mailboxes.length = 0;
    for (const [group] of this.places.groups.entries()) this.touched.add(group);
  }

  send(place: Place, event: number): void {
    this.#deliver(place, event);
  }

  answer(place: Place, event: number): void {
    this.#set(place, 0);
    if (place.parent !== null) this.#deliver(place.parent, event);
  }

  tell(place: Place, event: number): void {
    const facts = this.#changed(place, event, (old) => reported(old, this.actors.events.of(event) as OsEvent));
    if (facts.callId === null) this.#cancel(place, CALL_DEADLINE);
    if (place.parent !== null) this.#deliver(place.parent, event);
  }

  fire(place: Place, timer: Timer): void {
    this.#cancel(place, timer.id);
    if (place.kind === 'os') this.tell(place, timer.event);
    else this.#deliver(place, timer.event);
  }

  situationAt({ number }: Place): Situation {
    return this.actors.situations.of((this.content[number] ?? 0) - 1);
  }

  factsAt({ number }: Place): OsFacts {
    return this.facts.of((this.content[number] ?? 0) - 1);
  }

  effectAt({ number }: Place): Effect {
    return this.effects.of((this.content[number] ?? 0) - 1);
  }

  timersAt({ number }: Place): readonly Timer[] {
    return this.timerLists.of(this.timers[number] ?? 0);
  }

  isTaken({ number }: Place): boolean {
    return this.content[number] !== 0;
  }

  put(place: Place, content: number, timers: number): void {
    this.content[place.number] = content;
    this.timers[place.number] = timers;
  }

  #set(place: Place, content: number): void {
    this.content[place.number] = content;
    this.touched.add(place.group);
  }

  #setTimers(place: Place, list: readonly Timer[]): void {
    const sorted = [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
    const key = sorted.map(({ id, event }) => `${id} ${event}`).join();
    this.timers[place.number] = this.timerLists.id(key, () => sorted);
    this.touched.add(place.group);
  }

  /** What an event makes of the facts: worked out once. */
  #changed(place: Place, event: number, change: (facts: OsFacts) => OsFacts): OsFacts {
    const before = this.content[place.number] ?? 0;
    const changes = (this.#changes[before] ??= new Map());
    const known = changes.get(event);
    if (known === undefined) this.#setFacts(place, change(this.factsAt(place)));
    else this.#set(place, known);
    changes.set(event, this.content[place.number] ?? 0);
    return this.factsAt(place);
  }
  readonly #changes: Map<number, number>[] = [];

  /** One pong answers every ping there was. */
  #setFacts(place: Place, told: OsFacts): void {
    const facts = told.pingsOut > 1 ? { ...told, pingsOut: 1 } : told;
    this.#set(place, this.facts.id(JSON.stringify(facts), () => facts) + 1);
  }

  #deliver(place: Place, event: number): void {
    if (!this.isTaken(place)) return;
    const frame = this.#frames[place.number];
    if (frame !== undefined) {
      (this.#mailboxes[place.number] ??= []).push(event);
      return;
    }
    const before = (this.content[place.number] ?? 0) - 1;
    if (this.actors.situations.of(before).isDone) return;
    this.#perform(place, this.actors.step(before, event), event, before);
  }

  #perform(place: Place, step: KnownStep, event: number, before: number): void {
    const frame: Frame = { left: false };
    this.#frames[place.number] = frame;
    this.#set(place, step.next + 1);
    this.happened.push(this.#sightOfStep(place, step, event, before));
    for (const act of step.acts) this.#act(place, frame, act);
    if (frame.left) return;
    this.#frames[place.number] = undefined;
    if (step.isDone) return this.#finish(place);
    const next = this.#mailboxes[place.number]?.shift();
    if (next !== undefined) this.#deliver(place, next);
  }

  #finish(place: Place): void {
    this.#end(place);
    const event = { type: `xstate.done.actor.${place.id}`, actorId: place.id };
    if (place.parent !== null) this.#deliver(place.parent, this.actors.event(event));
  }

  #act(place: Place, frame: Frame, act: KnownAct): void {
    switch (act.act) {
      case 'send':
        return this.#pass(place, act.child, act.event);
      case 'report':
        return place.parent === null ? undefined : this.#deliver(place.parent, act.event);
      case 'emit':
        this.happened.push(this.#sightOfEmission(place, act.event));
        return this.#listener(place, this.actors.events.of(act.event));
      case 'arm':
        return frame.left ? undefined : this.#arm(place, { id: act.timer, event: act.event });
      case 'cancel':
        return frame.left ? undefined : this.#cancel(place, act.timer);
      case 'spawn':
        return frame.left ? undefined : this.#spawn(place, act.child, act.src, act.input);
      case 'stop': {
        const child = this.places.find(place, act.child);
        return frame.left || child === undefined ? undefined : this.#end(child);
      }
    }
  }

  #pass(sender: Place, id: string, event: number): void {
    const target = this.places.find(sender, id);
    if (target === undefined || !this.isTaken(target))
      throw new Error(`${sender.path} sends "${this.actors.events.of(event).type}" to "${id}", which does not live`);
    if (target.kind === 'os') this.#command(target, event);
    else this.#deliver(target, event);
  }

  #command(os: Place, event: number): void {
    const command = this.actors.events.of(event) as OsCommand;
    this.#changed(os, event, (old) => commanded(old, command));
    this.happened.push(this.#sightOfCommand(os, event, command));
    if (command.type !== 'call.send') return;
    const { callId } = command;
    const late = fault('timeout', `Call ${callId} was not answered in time.`);
    this.#arm(os, { id: CALL_DEADLINE, event: this.actors.event({ type: 'call.overdue', callId, fault: late }) });
  }

  #arm(place: Place, timer: Timer): void {
    const armed = this.timersAt(place);
    if (armed.some(({ id }) => id === timer.id))
      throw new Error(`${place.path} arms "${timer.id}" twice: XState would fire the first one even after a cancel`);
    this.#setTimers(place, [...armed, timer]);
  }

  #cancel(place: Place, id: string): void {
    const armed = this.timersAt(place);
    if (armed.some((timer) => timer.id === id))
      this.#setTimers(
        place,
        armed.filter((timer) => timer.id !== id),
      );
  }

  #spawn(parent: Place, id: string, src: string, input: unknown): void {
    const situation = this.actors.situations.of((this.content[parent.number] ?? 0) - 1);
    const logic: unknown = situation.stepper.original.implementations.actors[src];
    if (logic instanceof StateMachine) {
      this.#bear(this.places.childOf(parent, id, 'machine'), logic as AnyStateMachine, input);
    } else if (src === 'runOsProcess') {
      this.#setFacts(this.places.childOf(parent, id, 'os'), BORN);
    } else {
      this.#set(this.places.childOf(parent, id, 'effect'), this.#effect(src, input) + 1);
    }
  }

  #effect(src: string, input: unknown): number {
    return this.effects.id(`${src} ${JSON.stringify(input)}`, () => ({ src, input }));
  }

  #bear(place: Place, machine: AnyStateMachine, input: unknown): void {
    const event = this.#birthEvent(input);
    this.#mailboxes[place.number] = [];
    this.machineAt[place.number] = machine.id;
    this.#perform(place, this.actors.born(machine, input), event, -1);
  }

  #birthEvent(input: unknown): number {
    const own = typeof input === 'object' && input !== null ? input : this;
    const known = this.#births.get(own);
    if (known !== undefined) return known;
    const event = this.actors.event({ type: 'xstate.init', input });
    this.#births.set(own, event);
    return event;
  }
  readonly #births = new WeakMap<object, number>();

  /** Takes the actor away with all that is below it; one in the middle of a step finishes it without its place. */
  #end(place: Place): void {
    if (!this.isTaken(place)) return;
    const frame = this.#frames[place.number];
    if (frame !== undefined) frame.left = true;
    this.#frames[place.number] = undefined;
    this.#mailboxes[place.number] = [];
    const left = place.children.filter((child) => this.#isLeft(child)).map(({ path }) => path);
    const isMachine = place.kind === 'machine';
    // The root is looked at even when it has ended.
    if (place !== this.root) this.#set(place, 0);
    this.#setTimers(place, []);
    if (isMachine) this.happened.push(this.#sightOfEnd(place, left));
    for (const child of place.children) this.#end(child);
  }

  #isLeft(place: Place): boolean {
    if (!this.isTaken(place) || place.kind === 'machine') return false;
    return place.kind === 'effect' || this.factsAt(place).alive;
  }

  #sightOfStep(place: Place, step: KnownStep, event: number, before: number): number {
    const known = (this.#sightOf[place.number] ??= new Map());
    const id = known.get(step);
    if (id !== undefined) return id;
    const made = this.sights.id(`d ${place.number} ${before} ${event}`, () => {
      const { machine } = this.actors.situations.of(step.next);
      return {
        ...{ what: 'delivered', machine, actor: place.path, event: this.actors.events.of(event) },
        ...{ before: before < 0 ? null : this.shown(before), after: this.shown(step.next) },
      } as unknown as Seen;
    });
    known.set(step, made);
    return made;
  }

  #sightOfEmission(place: Place, event: number): number {
    const machine = this.machineAt[place.number];
    return this.sights.id(
      `e ${place.number} ${event}`,
      () => ({ what: 'emitted', machine, actor: place.path, event: this.actors.events.of(event) }) as unknown as Seen,
    );
  }

  #sightOfCommand({ number, parent }: Place, event: number, command: OsCommand): number {
    const known = this.#commands.get(number) ?? new Map<number, number>();
    this.#commands.set(number, known);
    const id = known.get(event);
    if (id !== undefined) return id;
    const made = this.sights.id(`c ${number} ${event}`, () => ({ what: 'asked', actor: parent?.path ?? '', command }));
    known.set(event, made);
    return made;
  }

  #sightOfEnd({ number, path }: Place, left: readonly string[]): number {
    return this.sights.id(`x ${number} ${left.join()}`, () => ({ what: 'ended', actor: path, left }));
  }

  readonly #shown: { state: string; context: never }[] = [];

  /** A situation as invariants see it; the same object for the same number. */
  shown(situation: number): { readonly state: string; readonly context: never } {
    return (this.#shown[situation] ??= (() => {
      const { state, snapshot } = this.actors.situations.of(situation);
      return { state, context: snapshot.context as never };
    })());
  }
}
