import type { AnyEventObject, AnyStateMachine } from 'xstate';
import { stateOf } from '../../../src/stepping/index.js';
import { Composition } from '../../../src/testing/model/index.js';
import type { Delivery, EffectNode, MachineNode, OsNode } from '../../../src/testing/model/index.js';
import { ANSWERS, BROKEN } from './samples.js';
import type { Effects, Fault, OsCommand, OsEvent } from '../../../machines/index.js';

/** A composition with everything it said kept for reading, driven step by step by an example test. */
export class Rig {
  readonly composition: Composition;
  readonly emitted: AnyEventObject[] = [];
  readonly reports: AnyEventObject[] = [];
  readonly commands: OsCommand[] = [];
  readonly deliveries: Delivery[] = [];

  constructor(machine: AnyStateMachine, input: unknown) {
    this.composition = new Composition(machine, input, {
      delivered: (delivery) => this.deliveries.push(delivery),
      emitted: (_node, event) => this.emitted.push(event),
      commanded: (_os, command) => this.commands.push(command),
      reported: (event) => this.reports.push(event),
    });
  }

  node(path?: string): MachineNode {
    const node = path === undefined ? this.composition.root : this.composition.find(path);
    if (node === undefined) throw new Error(`there is no actor "${path}"`);
    return node;
  }

  /** `Running.Ready`, `gone` for an actor that is no more. */
  state(path?: string): string {
    const node = path === undefined ? this.composition.root : this.composition.find(path);
    return node === undefined ? 'gone' : stateOf(node.snapshot);
  }

  context<T>(path?: string): T {
    return this.node(path).snapshot.context as T;
  }

  /** The states one actor went through, in order, each once per stay. */
  path(path?: string): readonly string[] {
    const walked = this.deliveries.filter(({ node }) => node.path === this.node(path).path);
    const states = walked.map(({ step }) => stateOf(step.snapshot));
    return states.filter((state, i) => state !== states[i - 1]);
  }

  send(event: AnyEventObject, path?: string): this {
    this.composition.send(this.node(path), event);
    return this;
  }

  effect(name: keyof Effects): EffectNode {
    const found = this.composition.effects().find(({ src }) => src === name);
    if (found === undefined) throw new Error(`the effect "${name}" is not under way; ${this.underWay} are`);
    return found;
  }

  get underWay(): string {
    return this.composition
      .effects()
      .map(({ src }) => src)
      .join(', ');
  }

  /** These effects answer, one after the other, as they do when all goes well. */
  done(...names: readonly (keyof Effects)[]): this {
    for (const name of names) this.composition.answer(this.effect(name), ANSWERS[name]);
    return this;
  }

  answers<Name extends keyof Effects>(name: Name, output: Effects[Name]['output']): this {
    this.composition.answer(this.effect(name), output);
    return this;
  }

  fails(name: keyof Effects, why: Fault = BROKEN): this {
    this.composition.refuse(this.effect(name), why);
    return this;
  }

  /** The operating-system process in this place, counted from 1. */
  os(place = 1): OsNode {
    const os = this.composition.processes().find(({ input }) => input.slot === place - 1);
    if (os === undefined) throw new Error(`no operating-system process ${place}`);
    return os;
  }

  tell(event: OsEvent, place = 1): this {
    this.composition.tell(this.os(place), event);
    return this;
  }

  /** From spawn to ready, as a well-behaved algorithm does it. */
  getsReady(place = 1): this {
    this.tell({ type: 'os.spawned', osPid: 4711, isolation: 'group' }, place);
    this.tell({ type: 'hello.received', protocol: 1, announcesInfo: true, sdkVersion: '1.0.0' }, place);
    return this.tell({ type: 'info.received', mismatches: [] }, place);
  }

  answersCall(callId: number, outcome: 'result' | 'error' = 'result', place = 1): this {
    return this.tell({ type: 'call.answered', callId, outcome }, place);
  }

  crashes(place = 1): this {
    const why = { code: '3002', name: 'process_lost', message: 'It ended with code 1.' } as const;
    return this.tell({ type: 'os.exited', fault: why, atMs: this.composition.nowMs, jitter: 0 }, place);
  }

  /** Asked to leave, it acknowledges and exits. */
  leaves(place = 1): this {
    return this.tell({ type: 'shutdown.acknowledged' }, place).crashes(place);
  }

  /** Lets time pass: every timer that falls due fires, earliest first. */
  passes(ms: number): this {
    const { composition } = this;
    const untilMs = composition.nowMs + ms;
    const due = () =>
      composition.timers.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
    for (let timer = due(); timer !== undefined; timer = due()) composition.fire(timer);
    composition.nowMs = untilMs;
    return this;
  }
}
