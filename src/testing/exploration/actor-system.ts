import { StateMachine } from 'xstate';
import type { AnyEventObject, AnyStateMachine } from 'xstate';
import { fault } from '../../../machines/index.js';
import type { OsCommand, OsEvent } from '../../../machines/index.js';
import { commanded, reported } from '../model/index.js';
import type { KnownAct, KnownStep } from './actors.js';
import { SystemState } from './system-state.js';
import type { Place, Timer } from './system-state.js';
import { Observations } from './observations.js';

/** Told at once what an actor says to the faces. */
export type Listener = (place: Place, event: AnyEventObject) => void;

/** In the middle of a step; once `left`, the actor has been taken away and another may have its place. */
interface Frame {
  left: boolean;
}

/** No actor: an effect, a process, a timer, a person. */
export const OUTSIDE = -1;
const CALL_DEADLINE = 'call deadline';

/**
 * Everything that lives, in numbers: a place holds a situation, the facts of an operating-system process or an effect
 * under way, and the timers that were armed there. One world is moved from state to state.
 *
 * INVARIANTS
 * - Delivery is XState's: run to completion, depth first, a mailbox only while the receiver is busy. Between two outside
 *   events every mailbox is empty.
 * - Time does not exist: an armed timer may fire at any moment, in any order.
 * - What is said and done here equals what `Composition` and XState itself do (test/campaigns/verification/walks.ts).
 */
export class ActorSystem extends SystemState {
  /** What can be seen, by number; what happened since `forget` in processing order. */
  readonly observations = new Observations(this.actors);
  happened: number[] = [];
  /** Who sent what each step in `happened` was about: a place, or OUTSIDE. */
  senders: number[] = [];
  readonly root: Place;
  /** By place: which machine lives or last lived there. */
  readonly machineAt: string[] = [];
  readonly #frames: (Frame | undefined)[] = [];
  readonly #mailboxes: number[][] = [];
  #acting = OUTSIDE;
  readonly #listener: Listener;

  constructor(machine: AnyStateMachine, isExact: boolean, listener: Listener) {
    super(isExact);
    this.#listener = listener;
    this.root = this.places.root(machine.id);
  }

  begin(machine: AnyStateMachine, input: unknown): void {
    this.#bear(this.root, machine, input);
  }

  /** Forgets what happened so far. */
  forget(): void {
    this.happened = [];
    this.senders = [];
  }

  /** After a machine has failed in the middle of a step. */
  recover(): void {
    this.#frames.length = 0;
    this.#acting = OUTSIDE;
    this.#mailboxes.length = 0;
    for (const [group] of this.places.groups.entries()) this.touched.add(group);
  }

  send(place: Place, event: number): void {
    this.#deliver(place, event);
  }

  answer(place: Place, event: number): void {
    this.set(place, 0);
    if (place.parent !== null) this.#deliver(place.parent, event);
  }

  tell(place: Place, event: number): void {
    const facts = this.changeFacts(place, event, (old) => reported(old, this.actors.events.of(event) as OsEvent));
    if (facts.callId === null) this.#cancel(place, CALL_DEADLINE);
    if (place.parent !== null) this.#deliver(place.parent, event);
  }

  fire(place: Place, timer: Timer): void {
    this.#cancel(place, timer.id);
    if (place.kind === 'os') this.tell(place, timer.event);
    else this.#deliver(place, timer.event);
  }

  #deliver(place: Place, event: number): void {
    if (!this.isTaken(place)) return;
    const frame = this.#frames[place.number];
    if (frame !== undefined) {
      (this.#mailboxes[place.number] ??= []).push(event, this.#acting);
      return;
    }
    const before = (this.content[place.number] ?? 0) - 1;
    if (this.actors.situations.of(before).isDone) return;
    this.#perform(place, this.actors.step(before, event), event, before);
  }

  #perform(place: Place, step: KnownStep, event: number, before: number): void {
    const frame: Frame = { left: false };
    const sender = this.#acting;
    this.#acting = place.number;
    this.#frames[place.number] = frame;
    this.senders.push(sender);
    this.set(place, step.next + 1);
    this.happened.push(this.observations.step(place, step, event, before));
    for (const act of step.acts) this.#act(place, frame, act);
    this.#acting = sender;
    if (frame.left) return;
    this.#frames[place.number] = undefined;
    if (step.isDone) return this.#finish(place);
    const mailbox = this.#mailboxes[place.number];
    const next = mailbox?.shift();
    if (next === undefined) return;
    this.#acting = mailbox?.shift() ?? OUTSIDE;
    this.#deliver(place, next);
    this.#acting = sender;
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
        this.happened.push(this.observations.emission(place, this.machineAt[place.number] ?? '', act.event));
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
    this.changeFacts(os, event, (old) => commanded(old, command));
    this.happened.push(this.observations.command(os, event));
    if (command.type !== 'call.send') return;
    const { callId } = command;
    const late = fault('timeout', `Call ${callId} was not answered in time.`);
    this.#arm(os, { id: CALL_DEADLINE, event: this.actors.event({ type: 'call.overdue', callId, fault: late }) });
  }

  #arm(place: Place, timer: Timer): void {
    const armed = this.timersAt(place);
    if (armed.some(({ id }) => id === timer.id))
      throw new Error(`${place.path} arms "${timer.id}" twice: XState would fire the first one even after a cancel`);
    this.setTimers(place, [...armed, timer]);
  }

  #cancel(place: Place, id: string): void {
    const armed = this.timersAt(place);
    if (armed.some((timer) => timer.id === id))
      this.setTimers(
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
      this.beginProcess(this.places.childOf(parent, id, 'os'));
    } else {
      this.beginEffect(this.places.childOf(parent, id, 'effect'), src, input);
    }
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
    if (place !== this.root) this.set(place, 0);
    this.setTimers(place, []);
    if (isMachine) this.happened.push(this.observations.end(place, left));
    for (const child of place.children) this.#end(child);
  }

  #isLeft(place: Place): boolean {
    if (!this.isTaken(place) || place.kind === 'machine') return false;
    return place.kind === 'effect' || this.factsAt(place).alive;
  }
}
