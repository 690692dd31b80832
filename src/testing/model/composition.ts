import { StateMachine } from 'xstate';
import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { fault } from '../../../machines/index.js';
import type { Fault, OsCommand, OsEvent, OsProcessInput } from '../../../machines/index.js';
import type { Act } from '../../stepping/acts.js';
import { STOP } from './nodes.js';
import type { EffectNode, MachineNode, Node, OsNode, Timer } from './nodes.js';
import { BORN, commanded, reported } from './os-model.js';
import { Stepper } from '../../stepping/stepper.js';
import type { Step } from '../../stepping/stepper.js';

/** One event processed by one actor. */
export interface Delivery {
  readonly node: MachineNode;
  readonly event: AnyEventObject;
  readonly before: AnyMachineSnapshot | null;
  readonly step: Step;
}

export interface Observer {
  delivered?(delivery: Delivery): void;
  emitted?(node: MachineNode, event: AnyEventObject): void;
  commanded?(node: OsNode, command: OsCommand): void;
  /** Its owner left before the effect answered. */
  abandoned?(node: EffectNode): void;
  /** An actor is no more; `left` are the processes and effects of its own that still live. */
  ended?(node: MachineNode, left: readonly (OsNode | EffectNode)[]): void;
  /** What the root told a parent it does not have here. */
  reported?(event: AnyEventObject): void;
}

/**
 * A tree of actors stepped without running anything: machines are stepped purely, operating-system processes are
 * modelled, every other effect waits for the test's answer.
 *
 * INVARIANTS
 * - Delivery is XState's: run to completion, depth first, a mailbox only while the target is busy. Between two outside
 *   events every mailbox is empty.
 * - A timer fires only when the test says so; firing one moves the clock to when it was due, never back.
 */
export class Composition {
  readonly root: MachineNode;
  nowMs = 0;
  timers: Timer[] = [];
  readonly #observer: Observer;
  readonly #machines = new Map<string, MachineNode>();
  readonly #effects = new Set<EffectNode>();
  readonly #processes = new Set<OsNode>();

  constructor(machine: AnyStateMachine, input: unknown, observer: Observer = {}) {
    this.#observer = observer;
    this.root = this.#spawnMachine(machine, machine.id, machine.id, null, input);
  }

  /** @returns the living machine at this path, `undefined` when there is none */
  find(path: string): MachineNode | undefined {
    return this.#machines.get(path);
  }

  /** The living machines, the oldest first. */
  machines(): readonly MachineNode[] {
    return [...this.#machines.values()];
  }

  /** Effects that have not answered yet. */
  effects(): readonly EffectNode[] {
    return [...this.#effects];
  }

  processes(): readonly OsNode[] {
    return [...this.#processes];
  }

  send(node: MachineNode, event: AnyEventObject): void {
    this.#deliver(node, event);
  }

  answer(effect: EffectNode, output: unknown): void {
    this.#effects.delete(effect);
    const type = `xstate.done.actor.${effect.id}`;
    this.#deliver(effect.parent, { type, output, actorId: effect.id });
  }

  refuse(effect: EffectNode, error: Fault): void {
    this.#effects.delete(effect);
    const type = `xstate.error.actor.${effect.id}`;
    this.#deliver(effect.parent, { type, error, actorId: effect.id });
  }

  tell(os: OsNode, event: OsEvent): void {
    os.facts = reported(os.facts, event);
    if (os.facts.callId === null) this.#cancel(os, CALL_DEADLINE);
    this.#deliver(os.parent, event);
  }

  fire(timer: Timer): void {
    this.timers = this.timers.filter((other) => other !== timer);
    this.nowMs = Math.max(this.nowMs, timer.dueMs);
    if (timer.owner.kind === 'os') this.tell(timer.owner, timer.event as OsEvent);
    else this.#deliver(timer.to, timer.event);
  }

  #deliver(node: MachineNode, event: AnyEventObject): void {
    if (node.stopped) return;
    node.mailbox.push(event);
    if (!node.busy) this.#drain(node);
  }

  #drain(node: MachineNode): void {
    for (let next = node.mailbox.shift(); next !== undefined; next = node.mailbox.shift()) {
      if (next === STOP) return this.#end(node);
      const step = node.stepper.step(node.snapshot, next);
      this.#perform(node, step, next, node.snapshot);
    }
  }

  #perform(node: MachineNode, step: Step, event: AnyEventObject, before: AnyMachineSnapshot | null): void {
    node.busy = true;
    node.snapshot = step.snapshot;
    this.#observer.delivered?.({ node, event, before, step });
    for (const act of step.acts) this.#act(node, act);
    node.busy = false;
    if (step.snapshot.status !== 'done' || node.stopped) return;
    this.#end(node);
    if (node.parent !== null) this.#deliver(node.parent, { type: `xstate.done.actor.${node.id}`, actorId: node.id });
  }

  #act(node: MachineNode, act: Act): void {
    switch (act.act) {
      case 'send':
        return this.#pass(node, node.children.get(act.child), act.event);
      case 'report':
        return node.parent === null ? this.#observer.reported?.(act.event) : this.#deliver(node.parent, act.event);
      case 'emit':
        return this.#observer.emitted?.(node, act.event);
      case 'arm':
        return this.#arm(node, node, act.timer, act.delayMs, act.event);
      case 'cancel':
        return this.#cancel(node, act.timer);
      case 'spawn':
        return this.#spawn(node, act.child, act.src, act.input);
      case 'stop': {
        const child = node.children.get(act.child);
        node.children.delete(act.child);
        return child === undefined ? undefined : this.#stop(child);
      }
    }
  }

  #pass(sender: MachineNode, target: Node | undefined, event: AnyEventObject): void {
    if (target?.kind === 'machine') return this.#deliver(target, event);
    if (target?.kind === 'os') return this.#command(target, event as OsCommand);
    throw new Error(`${sender.path} sends "${event.type}" to nobody who listens`);
  }

  #command(os: OsNode, command: OsCommand): void {
    os.facts = commanded(os.facts, command);
    this.#observer.commanded?.(os, command);
    if (command.type !== 'call.send') return;
    const { callId } = command;
    const late = fault('timeout', `Call ${callId} was not answered in time.`);
    const event: OsEvent = { type: 'call.overdue', callId, fault: late };
    this.#arm(os, os.parent, CALL_DEADLINE, os.input.timings.executeMs, event);
  }

  #arm(owner: Node, to: MachineNode, id: string, delayMs: number, event: AnyEventObject): void {
    if (this.timers.some((timer) => timer.owner === owner && timer.id === id))
      throw new Error(`${owner.path} arms "${id}" twice: XState would fire the first one even after a cancel`);
    this.timers.push({ id, owner, to, dueMs: this.nowMs + delayMs, event });
  }

  #cancel(owner: Node, id: string): void {
    this.timers = this.timers.filter((timer) => timer.owner !== owner || timer.id !== id);
  }

  #spawn(parent: MachineNode, id: string, src: string, input: unknown): void {
    const path = parent.parent === null ? id : `${parent.path}/${id}`;
    const logic: unknown = parent.stepper.original.implementations.actors[src];
    if (logic instanceof StateMachine) {
      this.#spawnMachine(logic as AnyStateMachine, id, path, parent, input);
    } else if (src === 'runOsProcess') {
      const os: OsNode = { kind: 'os', id, path, parent, stopped: false, input: input as OsProcessInput, facts: BORN };
      parent.children.set(id, os);
      this.#processes.add(os);
    } else {
      const effect: EffectNode = { kind: 'effect', id, path, parent, stopped: false, src, input };
      parent.children.set(id, effect);
      this.#effects.add(effect);
    }
  }

  #spawnMachine(machine: AnyStateMachine, id: string, path: string, parent: MachineNode | null, input: unknown) {
    const stepper = Stepper.of(machine);
    const step = stepper.initial(input);
    const node: MachineNode = {
      ...{ kind: 'machine', id, path, parent, stepper, snapshot: step.snapshot },
      ...{ stopped: false, children: new Map<string, Node>(), mailbox: [], busy: true },
    };
    parent?.children.set(id, node);
    this.#machines.set(path, node);
    this.#perform(node, step, { type: 'xstate.init', input }, null);
    this.#drain(node);
    return node;
  }

  #isLeft(node: Node): node is OsNode | EffectNode {
    return (node.kind === 'os' && node.facts.alive) || (node.kind === 'effect' && this.#effects.has(node));
  }

  #stop(node: Node): void {
    if (node.kind === 'machine' && node.busy) node.mailbox = [STOP];
    else this.#end(node);
  }

  #end(node: Node): void {
    node.stopped = true;
    this.timers = this.timers.filter(({ owner }) => owner !== node);
    if (node.kind === 'effect' && this.#effects.delete(node)) this.#observer.abandoned?.(node);
    if (node.kind === 'os') this.#processes.delete(node);
    if (node.kind !== 'machine') return;
    // A successor may have taken the place already.
    if (this.#machines.get(node.path) === node) this.#machines.delete(node.path);
    node.mailbox = [];
    this.#observer.ended?.(
      node,
      [...node.children.values()].filter((child) => this.#isLeft(child)),
    );
    for (const child of node.children.values()) this.#stop(child);
    node.children.clear();
  }
}

const CALL_DEADLINE = 'call deadline';
