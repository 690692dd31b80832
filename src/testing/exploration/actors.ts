import type {
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
} from 'xstate';
import { stateOf, Stepper } from '../../stepping/index.js';
import type { Act, Step } from '../../stepping/index.js';
import { keyOf } from './dead-fields.js';
import { Interner, PairTable } from './interning.js';

/** An act with its events by number. */
export type KnownAct =
  | { readonly act: 'send'; readonly child: string; readonly event: number }
  | { readonly act: 'report' | 'emit'; readonly event: number }
  | { readonly act: 'arm'; readonly timer: string; readonly event: number }
  | { readonly act: 'cancel'; readonly timer: string }
  | { readonly act: 'spawn'; readonly child: string; readonly src: string; readonly input: unknown }
  | { readonly act: 'stop'; readonly child: string };

/** What one machine does with one event in one situation: worked out once. */
export interface KnownStep {
  /** A number of its own. */
  readonly number: number;
  /** Situation afterwards. */
  readonly next: number;
  readonly acts: readonly KnownAct[];
  readonly isDone: boolean;
}

/** One machine's state with its context and the names of its children. */
export interface Situation {
  readonly stepper: Stepper;
  readonly machine: string;
  readonly snapshot: AnyMachineSnapshot;
  readonly state: string;
  readonly isDone: boolean;
}

/**
 * The machines, each step of which is worked out once: situations and events go by numbers.
 *
 * INVARIANTS
 * - Two situations have the same number only if no later event could tell them apart: same machine, state, context and
 *   children.
 */
export class Actors {
  readonly events = new Interner<AnyEventObject>();
  readonly situations = new Interner<Situation>();
  /** Transitions taken by any step so far. */
  readonly taken = new Set<AnyTransitionDefinition>();
  /** Events that came where no transition names them, as `machine state · event`. */
  readonly unexpected = new Set<string>();
  /** Every step, and their numbers by situation and event. */
  readonly #steps: KnownStep[] = [];
  readonly #stepNumbers = new PairTable();
  readonly #births = new WeakMap<object, KnownStep>();

  constructor(
    /** As in ExploreOptions. */
    readonly isExact: boolean,
  ) {}

  event(event: AnyEventObject): number {
    const known = this.#eventNumbers.get(event);
    if (known !== undefined) return known;
    const number = this.events.id(JSON.stringify(event), () => event);
    this.#eventNumbers.set(event, number);
    return number;
  }
  readonly #eventNumbers = new WeakMap<AnyEventObject, number>();

  /** @throws as Stepper does, when the machine does */
  born(machine: AnyStateMachine, input: unknown): KnownStep {
    const own = typeof input === 'object' && input !== null ? input : NO_INPUT;
    const known = this.#births.get(own);
    if (known !== undefined) return known;
    const stepper = Stepper.of(machine);
    const step = this.#know(stepper, stepper.initial(input));
    this.#births.set(own, step);
    return step;
  }

  /** @throws as Stepper does, when the machine does */
  step(situation: number, event: number): KnownStep {
    const known = this.#steps[this.#stepNumbers.get(situation, event)];
    if (known !== undefined) return known;
    const { stepper, snapshot, machine, state } = this.situations.of(situation);
    const taken = stepper.step(snapshot, this.events.of(event));
    const { type } = this.events.of(event);
    if (taken.taken.length === 0 && !isNamed(stepper, snapshot, type))
      this.unexpected.add(`${machine} ${state} · ${type}`);
    const step = this.#know(stepper, taken);
    this.#stepNumbers.set(situation, event, step.number);
    return step;
  }

  #know(stepper: Stepper, { snapshot, acts, taken }: Step): KnownStep {
    for (const transition of taken) this.taken.add(transition);
    const machine = stepper.machine.id;
    const state = stateOf(snapshot);
    const children = Object.keys(snapshot.children as object)
      .sort()
      .join();
    const context = snapshot.context as object;
    const known = this.isExact ? JSON.stringify(context) : keyOf(machine, state, context);
    const key = `${machine} ${state} ${children} ${known}`;
    const isDone = snapshot.status === 'done';
    const next = this.situations.id(key, () => ({ stepper, machine, snapshot, state, isDone }));
    const step = { number: this.#steps.length, next, acts: acts.map((act) => this.#knownAct(act)), isDone };
    this.#steps.push(step);
    return step;
  }

  #knownAct(act: Act): KnownAct {
    switch (act.act) {
      case 'send':
        return { act: 'send', child: act.child, event: this.event(act.event) };
      case 'report':
      case 'emit':
        return { act: act.act, event: this.event(act.event) };
      case 'arm':
        return { act: 'arm', timer: act.timer, event: this.event(act.event) };
      case 'cancel':
      case 'spawn':
      case 'stop':
        return act;
    }
  }
}

const NO_INPUT = {};

/** Some transition of the state, or of one around it, is for this event, whatever its guards say. */
function isNamed(stepper: Stepper, { value }: AnyMachineSnapshot, type: string): boolean {
  let node: AnyStateNode | undefined = stepper.machine.root as AnyStateNode;
  let below: unknown = value;
  while (node !== undefined) {
    if (node.transitions.has(type)) return true;
    const [name, inner]: [string, unknown] =
      typeof below === 'string'
        ? [below, undefined]
        : (Object.entries((below ?? {}) as Record<string, unknown>)[0] ?? ['', undefined]);
    node = (node.states as Readonly<Record<string, AnyStateNode>>)[name];
    below = inner;
  }
  return false;
}
