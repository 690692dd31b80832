import type { AnyEventObject } from 'xstate';
import type { Act } from '../stepping/index.js';
import type { Born, ReplayedActor, Sent, StepTaken } from './replayed-actor.js';

/** A delivery that has to be recorded before anything else the machines do. */
export interface Awaited {
  readonly actor: ReplayedActor;
  readonly sent: Sent;
  /** It waited in the mailbox of its receiver. */
  readonly wasQueued: boolean;
}

/** What of a step leaves no record. */
export interface Bystander {
  emitted(actor: ReplayedActor, event: AnyEventObject): void;
  /** A command to an operating-system process. */
  asked(actor: ReplayedActor, command: AnyEventObject): void;
  /** A child machine is started. @returns what is known of its begin, `undefined` when no record tells of it */
  started(by: StepTaken, path: string, input: unknown, born: readonly Born[]): Born | undefined;
  ended(actor: ReplayedActor): void;
}

interface Frame {
  step: StepTaken;
  acts: readonly Act[];
  at: number;
  born: readonly Born[];
  /** The actor is no more once all of it is done. */
  ends: boolean;
}

export const STOP = 'xstate.stop';

/**
 * The order in which XState delivers, followed step by step: depth first, run to completion, a mailbox only while the
 * receiver is busy. Deliveries are not made here but awaited from the trace.
 *
 * INVARIANTS
 * - `next()` performs what leaves no record and nothing else: asked twice it answers the same.
 */
export class RunToCompletion {
  readonly #stack: Frame[] = [];
  readonly #bystander: Bystander;

  constructor(bystander: Bystander) {
    this.#bystander = bystander;
  }

  /** @returns null when everything an outside event has set off is done */
  next(): Awaited | null {
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      const awaited = frame.at < frame.acts.length ? this.#perform(frame) : this.#finish(frame);
      if (awaited !== null) return awaited;
    }
    return null;
  }

  /** It was recorded, or will never be. */
  settle({ actor, sent, wasQueued }: Awaited): void {
    if (wasQueued) actor.mailbox.shift();
    else {
      const frame = this.#stack.at(-1);
      if (frame !== undefined) frame.at += 1;
    }
    if (sent.event.type === STOP && actor.parent?.children.get(idOf(actor)) === actor)
      actor.parent.children.delete(idOf(actor));
  }

  /** An actor took a step: what it asked for is performed from now on. */
  begin(step: StepTaken, acts: readonly Act[], born: readonly Born[] = [], ends = false): void {
    const top = this.#stack.at(-1);
    const frame: Frame = { step, acts, at: 0, born, ends };
    if (top?.step.actor === step.actor) Object.assign(top, frame);
    else this.#stack.push(frame);
    step.actor.busy = true;
  }

  /** Whether it could take something else now: a busy actor cannot before its acts are done. */
  isFree(actor: ReplayedActor): boolean {
    const top = this.#stack.at(-1);
    return !actor.busy || (top?.step.actor === actor && top.at >= top.acts.length && !top.ends);
  }

  /** Whether such a delivery is to come, after others. */
  isAhead(actor: ReplayedActor, type: string): boolean {
    const waits = actor.mailbox.some(({ event }) => event.type === type);
    return (
      waits || this.#stack.some(({ step, acts, at }) => acts.slice(at).some((act) => leadsTo(step, act, actor, type)))
    );
  }

  /** Nothing that was under way will come. */
  forget(): void {
    for (const { step } of this.#stack.splice(0)) {
      step.actor.busy = false;
      step.actor.mailbox = [];
    }
  }

  #perform(frame: Frame): Awaited | null {
    const { step, acts, at } = frame;
    const act = acts[at] as Act;
    const { actor } = step;
    const awaited = awaitedFor(step, act);
    if (awaited !== null && !awaited.actor.busy) return awaited;
    frame.at += 1;
    if (awaited !== null) {
      if (act.act === 'stop') {
        awaited.actor.mailbox = [awaited.sent];
        actor.children.delete(act.child);
      } else awaited.actor.mailbox.push(awaited.sent);
      return null;
    }
    this.#act(frame, act);
    return null;
  }

  #act({ step, born }: Frame, act: Act): void {
    const { actor } = step;
    switch (act.act) {
      case 'send':
        if (actor.effects.get(act.child)?.src === 'runOsProcess') this.#bystander.asked(actor, act.event);
        return;
      case 'emit':
        return this.#bystander.emitted(actor, act.event);
      case 'arm':
        return void actor.timers.set(act.timer, { event: act.event, dueUs: step.atUs + act.delayMs * 1000 });
      case 'cancel':
        return void actor.timers.delete(act.timer);
      case 'spawn':
        return this.#spawn(step, act, born);
      case 'stop':
        return void actor.effects.delete(act.child);
      case 'report':
        return;
    }
  }

  #spawn(by: StepTaken, { child, src, input }: Extract<Act, { act: 'spawn' }>, born: readonly Born[]): void {
    if (!by.actor.isMachine(src)) return void by.actor.effects.set(child, { src, input });
    const begun = this.#bystander.started(by, by.actor.pathOf(child), input, born);
    if (begun === undefined) return;
    const { actor } = begun;
    by.actor.children.set(child, actor);
    actor.parent = by.actor;
    const event = { type: 'xstate.init', input: begun.input };
    this.begin({ actor, seq: begun.seq, atUs: by.atUs, event, before: null }, begun.acts, begun.born);
  }

  /** Its acts are done: what came meanwhile is next, or whoever is below. */
  #finish({ step: { actor }, ends }: Frame): Awaited | null {
    const [sent] = ends ? [] : actor.mailbox;
    if (sent !== undefined) return { actor, sent, wasQueued: true };
    this.#stack.pop();
    actor.busy = false;
    if (!ends) return null;
    actor.stopped = true;
    actor.mailbox = [];
    this.#bystander.ended(actor);
    return null;
  }
}

const idOf = ({ path, parent }: ReplayedActor): string =>
  parent?.path.includes('/') === true ? path.slice(parent.path.length + 1) : path;

/** The delivery an act asks for; null when it asks for none, or its receiver is gone. */
function awaitedFor(by: StepTaken, act: Act): Awaited | null {
  const actor = receiverOf(by.actor, act);
  if (actor === undefined || actor === null || actor.stopped) return null;
  const event = act.act === 'stop' ? { type: STOP } : (act as { event: AnyEventObject }).event;
  return { actor, sent: { event, by }, wasQueued: false };
}

function receiverOf(sender: ReplayedActor, act: Act): ReplayedActor | null | undefined {
  switch (act.act) {
    case 'send':
    case 'stop':
      return sender.children.get(act.child);
    case 'report':
      return sender.parent;
    case 'emit':
    case 'arm':
    case 'cancel':
    case 'spawn':
      return null;
  }
}

function leadsTo(by: StepTaken, act: Act, actor: ReplayedActor, type: string): boolean {
  const awaited = awaitedFor(by, act);
  return awaited?.actor === actor && awaited.sent.event.type === type;
}
