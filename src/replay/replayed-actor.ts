import { StateMachine } from 'xstate';
import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Shown } from '../../machines/index.js';
import type { Act, Stepper } from '../stepping/index.js';
import { stateOf } from '../stepping/index.js';

export interface ArmedTimer {
  readonly event: AnyEventObject;
  readonly dueUs: number;
}

/** One step an actor took, kept while its consequences are awaited. */
export interface StepTaken {
  readonly actor: ReplayedActor;
  readonly seq: number;
  readonly atUs: number;
  readonly event: AnyEventObject;
  /** Null: it began. */
  readonly before: AnyMachineSnapshot | null;
}

/** An event on its way to an actor, with the step that sent it. */
export interface Sent {
  readonly event: AnyEventObject;
  readonly by: StepTaken;
}

/** A child whose first record came before the step that started it. */
export interface Born {
  readonly actor: ReplayedActor;
  readonly seq: number;
  readonly atUs: number;
  readonly input: unknown;
  readonly acts: readonly Act[];
  /** Children of its own it began with. */
  readonly born: readonly Born[];
}

/** One actor of a recorded history, as far as its records have led it. */
export class ReplayedActor {
  parent: ReplayedActor | null = null;
  readonly children = new Map<string, ReplayedActor>();
  /** Effects under way, by id. */
  readonly effects = new Map<string, { readonly src: string; readonly input: unknown }>();
  readonly timers = new Map<string, ArmedTimer>();
  /** What came while it was busy, the oldest first. */
  mailbox: Sent[] = [];
  /** In the middle of a step. */
  busy = false;
  stopped = false;
  /** It was set to a recorded state that the machines do not reach, so what it waits for is unknown. */
  isVague = false;
  #snapshot: AnyMachineSnapshot;
  #shown: Shown<unknown> | undefined;

  constructor(
    readonly path: string,
    readonly stepper: Stepper,
    snapshot: AnyMachineSnapshot,
  ) {
    this.#snapshot = snapshot;
  }

  get machine(): string {
    return this.stepper.machine.id;
  }

  get snapshot(): AnyMachineSnapshot {
    return this.#snapshot;
  }

  set snapshot(snapshot: AnyMachineSnapshot) {
    if (snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#shown = undefined;
  }

  get shown(): Shown<unknown> {
    this.#shown ??= { state: stateOf(this.#snapshot), context: this.#snapshot.context as unknown };
    return this.#shown;
  }

  /** What would outlive it; a stopped process has lost its operating-system process before. */
  get left(): readonly string[] {
    const isGone = this.shown.state === 'Stopped';
    return [...this.effects].flatMap(([id, { src }]) =>
      src === 'runOsProcess' && isGone ? [] : [`${this.path}/${id}`],
    );
  }

  /** The path of a child with this id. */
  pathOf(child: string): string {
    return this.path.includes('/') ? `${this.path}/${child}` : child;
  }

  isMachine(src: string): boolean {
    return isMachine(this.stepper.original.implementations.actors[src]);
  }
}

/** Another build of the machines has its own XState, with other classes. */
export const isMachine = (logic: unknown): logic is AnyStateMachine =>
  logic instanceof StateMachine ||
  (typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic);
