import { createActor } from 'xstate';
import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot } from 'xstate';
import type { RunnerInput, Sender } from '../../../machines/index.js';
import { scriptedRunner } from './scripted.js';
import type { Answer } from './scripted.js';
import { stateOf } from '../../../src/stepping/index.js';

export interface Told {
  readonly path: string;
  readonly event: AnyEventObject;
}

interface Armed {
  /** Who armed it, and by which name. */
  readonly path: string;
  readonly id: string;
  readonly dueMs: number;
  readonly fire: () => void;
}

/** The part of XState's system that names what is scheduled. */
interface Scheduling {
  readonly _snapshot: {
    readonly _scheduledEvents: Readonly<Record<string, { readonly source: AnyActorRef; readonly id: string }>>;
  };
}

type Family = AnyActorRef & { readonly _parent?: AnyActorRef };

/**
 * The machines run by XState itself, with scripted effects and a clock that moves when told: what the pure composition
 * must equal, delivery by delivery.
 */
export class RealSystem {
  readonly emitted: Told[] = [];
  readonly commands: Told[] = [];
  /** Who sent what to which machine, as XState saw it. */
  readonly sent: { readonly machine: string; readonly type: string; readonly from: Sender }[] = [];
  nowMs = 0;
  #outside: Sender = 'library';
  readonly #root: AnyActorRef;
  readonly #timers = new Map<number, Armed>();
  #lastTimer = 0;
  readonly #onEmitted: (told: Told) => void;

  /** @param onEmitted told at once what an actor says to the faces */
  constructor(input: RunnerInput, onEmitted: (told: Told) => void = () => {}) {
    this.#onEmitted = onEmitted;
    const machine = scriptedRunner((os, event) => this.commands.push({ path: pathOf(os), event }));
    const clock = {
      setTimeout: (fire: () => void, ms: number) => this.#arm(fire, ms),
      clearTimeout: (id: number) => this.#timers.delete(id),
    } as never;
    const actor = createActor(machine, {
      ...{ input, clock, id: 'runner' },
      inspect: (note) => {
        if (note.type === '@xstate.actor') this.#listen(note.actorRef as AnyActorRef);
        if (note.type === '@xstate.event')
          this.#note(note.sourceRef as AnyActorRef | undefined, note.actorRef as AnyActorRef, note.event.type);
      },
    });
    this.#root = actor;
    actor.start();
  }

  /** Every living machine by its path, with its state and context; the root also when it is done. */
  get states(): Readonly<Record<string, { state: string; context: unknown }>> {
    const machines = familyOf(this.#root).flatMap((ref) => {
      const snapshot = ref.getSnapshot() as AnyMachineSnapshot;
      const lives = 'value' in snapshot && (snapshot.status === 'active' || ref === this.#root);
      return lives ? [[pathOf(ref), { state: stateOf(snapshot), context: snapshot.context as unknown }] as const] : [];
    });
    return Object.fromEntries(machines);
  }

  get timersDueMs(): readonly number[] {
    return [...this.#timers.values()].map(({ dueMs }) => dueMs).toSorted((a, b) => a - b);
  }

  /** @param from who sends it from outside the machines */
  send(path: string, event: AnyEventObject | Answer, from: Sender = 'library'): void {
    this.#outside = from;
    const found = familyOf(this.#root).find((ref) => pathOf(ref) === path);
    if (found === undefined) throw new Error(`the real system has no actor "${path}"`);
    found.send(event);
  }

  /** The timer due first fires, the one armed first among equals. */
  fireFirst(): void {
    const [first] = [...this.#timers].toSorted(([, a], [, b]) => a.dueMs - b.dueMs);
    if (first === undefined) throw new Error('no timer is armed');
    const [id, { dueMs, fire }] = first;
    this.#timers.delete(id);
    this.nowMs = Math.max(this.nowMs, dueMs);
    fire();
  }

  /** Fires one timer, whatever else would be due before; no time passes. */
  fire(path: string, id: string): void {
    const found = [...this.#timers].find(([, timer]) => timer.path === path && timer.id === id);
    if (found === undefined) throw new Error(`the real system has no timer "${id}" of ${path}`);
    this.#timers.delete(found[0]);
    found[1].fire();
  }

  #arm(fire: () => void, ms: number): number {
    // XState notes what it schedules just before it asks for the time.
    const scheduled = Object.values((this.#root.system as unknown as Scheduling)._snapshot._scheduledEvents).at(-1);
    const [path, id] = scheduled === undefined ? ['', ''] : [pathOf(scheduled.source), scheduled.id];
    this.#timers.set(++this.#lastTimer, { path, id, dueMs: this.nowMs + ms, fire });
    return this.#lastTimer;
  }

  #note(source: AnyActorRef | undefined, target: AnyActorRef, type: string): void {
    const machine = machineOf(target);
    if (machine === undefined || type === 'xstate.init') return;
    const sender = source === undefined ? this.#outside : source === target ? 'itself' : machineOf(source);
    this.sent.push({ machine, type, from: (sender ?? 'effect') as Sender });
  }

  #listen(born: AnyActorRef): void {
    const path = pathOf(born);
    born.on('*', (event: AnyEventObject) => {
      this.emitted.push({ path, event });
      this.#onEmitted({ path, event });
    });
  }
}

/** The machine an actor runs, `undefined` for an effect. */
const machineOf = (ref: AnyActorRef): string | undefined => {
  const { logic } = ref as unknown as { logic: { id?: string; root?: unknown } };
  return logic.root === undefined ? undefined : logic.id;
};

const familyOf = (ref: AnyActorRef): readonly AnyActorRef[] => {
  const { children = {} } = ref.getSnapshot() as { children?: Record<string, AnyActorRef> };
  return [ref, ...Object.values(children).flatMap(familyOf)];
};

/** As the composition names them: the ids from the root down, the root's own left out. */
function pathOf(ref: AnyActorRef): string {
  const parent = (ref as Family)._parent as Family | undefined;
  return parent?._parent === undefined ? ref.id : `${pathOf(parent)}/${ref.id}`;
}
