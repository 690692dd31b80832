import type { AnyEventObject, AnyMachineSnapshot } from 'xstate';
import { nameInView, noteCommitted, noteStored, runnerMachine } from '../../../machines/index.js';
import type { RouteChange, RouteFiles, StoreFacts } from '../../../machines/index.js';
import type { Seen, Shown, SystemView } from '../../../machines/invariants/index.js';
import type { Numbers } from './cast.js';
import { stateOf } from '../../../src/stepping/index.js';
import { Composition } from '../../../src/testing/model/index.js';
import type { Delivery, EffectNode, MachineNode } from '../../../src/testing/model/index.js';
import { ANSWERS, runnerInput } from './samples.js';
import type { PolicyOf } from './samples.js';
import type { Actor, TimedScene } from './scene.js';
import { apply, lineOf, machineryStimuli, workStimuli } from './stimuli.js';
import type { Answering, Stimulus } from './stimuli.js';
import { userStimuli } from './users.js';

/** What one actor told the system. */
export interface Said {
  readonly path: string;
  readonly event: AnyEventObject;
}

/** What a history starts from. */
export interface Setting {
  readonly policy: PolicyOf;
  readonly store: StoreFacts;
  readonly storeReadable: boolean;
}

/** A whole Runner with everything around it, one event at a time. */
export class SimulatedSystem implements TimedScene {
  readonly composition: Composition;
  /** What happened, in words. */
  readonly history: string[] = [];
  /** What the last stimulus set off, in processing order. */
  seen: Seen[] = [];
  commands: Said[] = [];
  stimulus: Stimulus | null = null;
  /** The route files as last committed. */
  readonly files: RouteFiles = new Map();
  readonly #numbers: Numbers = { operation: 1, call: 1, flow: 1 };
  readonly #setting: Setting;
  readonly #answering: Answering = {
    mayFail: ({ src }) => src !== 'recoverStore' || !this.#setting.storeReadable,
    outputOf: ({ src }) => (src === 'recoverStore' ? this.#setting.store : ANSWERS[src as keyof typeof ANSWERS]),
  };
  #view: SystemView | undefined;

  constructor(setting: Setting, delivered: (delivery: Delivery) => void = () => {}) {
    this.#setting = setting;
    this.composition = new Composition(runnerMachine, runnerInput(setting.policy), {
      delivered: (delivery) => {
        this.seen.push(seenOf(delivery));
        delivered(delivery);
      },
      emitted: (node, event) =>
        this.seen.push({ what: 'emitted', machine: machineOf(node), actor: node.path, event } as unknown as Seen),
      commanded: ({ path, parent }, command) => {
        this.commands.push({ path, event: command });
        this.seen.push({ what: 'asked', actor: parent.path, command });
      },
      ended: ({ path }, left) => this.seen.push({ what: 'ended', actor: path, left: left.map((node) => node.path) }),
    });
  }

  /** The events that could really arrive next, in a fixed order. */
  possible(): readonly Stimulus[] {
    return [...this.machinery(), ...userStimuli(this.composition, this.#numbers)];
  }

  machinery(): readonly Stimulus[] {
    return machineryStimuli(this.composition, this.#answering);
  }

  /** Of these, what goes well. */
  work(): readonly Stimulus[] {
    return workStimuli(this.composition, this.#answering);
  }

  apply(stimulus: Stimulus): void {
    this.#view = undefined;
    this.seen = [];
    this.commands = [];
    this.stimulus = stimulus;
    this.history.push(lineOf(stimulus));
    if (stimulus.by === 'user') this.#count(stimulus.event);
    if (stimulus.by === 'answer') this.#keep(stimulus.effect);
    apply(this.composition, stimulus);
  }

  get emitted(): readonly Said[] {
    return this.seen.flatMap((seen) => (seen.what === 'emitted' ? [{ path: seen.actor, event: seen.event }] : []));
  }

  get nowMs(): number {
    return this.composition.nowMs;
  }

  get hasEnded(): boolean {
    return this.composition.root.stopped;
  }

  machines(): readonly Actor[] {
    const { root } = this.composition;
    const alive = this.composition.machines();
    return (root.stopped ? [root, ...alive] : alive).map((node) => {
      const { path, snapshot } = node;
      return { path, machine: machineOf(node), state: stateOf(snapshot), context: snapshot.context as unknown };
    });
  }

  effects(): readonly EffectNode[] {
    return this.composition.effects();
  }

  timersOf(path: string): readonly string[] {
    return this.composition.timers.flatMap(({ owner, id }) => (owner.path === path ? [id] : []));
  }

  /** Everything as it is between two outside events. */
  get view(): SystemView {
    return (this.#view ??= this.#look());
  }

  #look(): SystemView {
    const { composition, files } = this;
    const machines = composition.machines();
    const all = <Context>(machine: string) =>
      new Map(
        machines.flatMap((node) =>
          machineOf(node) === machine ? [[nameInView(machine, node.path), shown<Context>(node.snapshot)]] : [],
        ),
      );
    return {
      nowMs: composition.nowMs,
      lateMs: 0,
      runner: shown(composition.root.snapshot),
      packages: all('package'),
      routes: all('route'),
      changeovers: all('changeover'),
      processes: all('process'),
      files,
    };
  }

  /** What an effect that succeeds leaves in the store. */
  #keep({ src, input }: EffectNode): void {
    if (src === 'recoverStore') noteStored(this.files, this.#setting.store);
    if (src === 'commitRoutes') noteCommitted(this.files, input as RouteChange);
  }

  #count(event: AnyEventObject): void {
    const numbers = this.#numbers;
    if ('operationId' in event && event.type !== 'changeover.cancel') numbers.operation += 1;
    if (event.type === 'flow.opened') numbers.flow += 1;
    if (event.type === 'call.requested') numbers.call += 1;
  }
}

const machineOf = ({ stepper }: MachineNode): string => stepper.machine.id;

const shown = <Context>(snapshot: AnyMachineSnapshot): Shown<Context> => ({
  state: stateOf(snapshot),
  context: snapshot.context as Context,
});

/** The composition knows its actors by machine only; which event belongs to which machine is the machines' business. */
const seenOf = ({ node, event, before, step }: Delivery): Seen =>
  ({
    ...{ what: 'delivered', machine: machineOf(node), actor: node.path, event },
    ...{ before: before === null ? null : shown(before), after: shown(step.snapshot) },
  }) as unknown as Seen;
