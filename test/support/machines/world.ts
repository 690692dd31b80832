import type { AnyEventObject } from 'xstate';
import { runnerMachine } from '../../../machines/index.js';
import type { StoreFacts } from '../../../machines/index.js';
import { Composition } from './composition.js';
import type { Delivery } from './composition.js';
import { CallLedger } from './ledger.js';
import type { EffectNode, Node } from './nodes.js';
import type { Breach } from './os-model.js';
import { ANSWERS, runnerInput } from './samples.js';
import type { PolicyOf } from './samples.js';
import { apply, lineOf, machineryStimuli } from './stimuli.js';
import { stateOf } from './stepper.js';
import type { Stimulus } from './stimuli.js';
import { userStimuli } from './users.js';
import type { Numbers } from './users.js';

/** What one actor told the world. */
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
export class World {
  readonly composition: Composition;
  readonly ledger = new CallLedger();
  readonly breaches: Breach[] = [];
  /** What happened, in words. */
  readonly history: string[] = [];
  /** What the last stimulus set off, in processing order. */
  deliveries: Delivery[] = [];
  emitted: Said[] = [];
  commands: Said[] = [];
  stimulus: Stimulus | null = null;
  /** Effects whose owners left before they answered. */
  abandoned: readonly string[] = [];
  /** What was still under way when the Runner called itself closed. */
  leftBehind: readonly string[] = [];
  readonly #numbers: Numbers = { operation: 1, call: 1, flow: 1 };
  readonly #setting: Setting;

  constructor(setting: Setting, delivered: (delivery: Delivery) => void = () => {}) {
    this.#setting = setting;
    this.composition = new Composition(runnerMachine, runnerInput(setting.policy), {
      delivered: (delivery) => {
        this.deliveries.push(delivery);
        if (stateOf(delivery.step.snapshot) === 'Closed') this.#close();
        delivered(delivery);
      },
      emitted: ({ path }, event) => {
        this.emitted.push({ path, event });
        if (event.type.startsWith('call.')) this.ledger.note(event);
      },
      commanded: ({ path }, command) => {
        this.commands.push({ path, event: command });
        if (command.type === 'call.send') this.ledger.dispatched(command.callId);
      },
      breached: (_os, breach) => this.breaches.push(breach),
      abandoned: ({ path }) => (this.abandoned = [...this.abandoned, path]),
    });
  }

  /** The events that could really arrive next, in a fixed order. */
  possible(): readonly Stimulus[] {
    return [...this.machinery(), ...userStimuli(this.composition, this.ledger, this.#numbers)];
  }

  machinery(): readonly Stimulus[] {
    const mayFail = ({ src }: EffectNode) => src !== 'recoverStore' || !this.#setting.storeReadable;
    const outputOf = ({ src }: EffectNode) =>
      src === 'recoverStore' ? this.#setting.store : ANSWERS[src as keyof typeof ANSWERS];
    return machineryStimuli(this.composition, { outputOf, mayFail });
  }

  apply(stimulus: Stimulus): void {
    this.deliveries = [];
    this.emitted = [];
    this.commands = [];
    this.abandoned = [];
    this.stimulus = stimulus;
    this.history.push(lineOf(stimulus));
    if (stimulus.by === 'user') this.#count(stimulus.event);
    apply(this.composition, stimulus);
  }

  #close(): void {
    const { composition } = this;
    const living = [...composition.effects(), ...composition.processes(), ...composition.machines()];
    this.leftBehind = living.filter((node) => isAtWork(node)).map(({ path }) => path);
  }

  #count(event: AnyEventObject): void {
    const numbers = this.#numbers;
    if ('operationId' in event) numbers.operation += 1;
    if (event.type === 'flow.opened') numbers.flow += 1;
    if (event.type !== 'call.requested') return;
    this.ledger.open(numbers.call);
    numbers.call += 1;
  }
}

/** A route in the middle of an operation, a process, an effect: anything but an actor that rests. */
const isAtWork = (node: Node): boolean =>
  node.kind !== 'machine' || /^(Preheating|Committing|Unbinding)$/.test(stateOf(node.snapshot));
