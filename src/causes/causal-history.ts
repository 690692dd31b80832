import { hasTag } from '../../machines/index.js';
import type { AnyEventObject } from 'xstate';
import type { Act } from '../stepping/index.js';
import { ReplayedSystem } from '../replay/index.js';
import { GAP } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';
import { DEPTH_MAX, nodeOf } from './cause-node.js';
import type { Cause, CauseNode } from './cause-node.js';
import { childPath, parentOf } from './paths.js';
import { isRestingPoint, isSameStay } from './resting-points.js';

/** Calls whose request is remembered. */
const CALLS_MAX = 10_000;

/** What is known of one actor: how it came to be where it is. */
export interface ActorHistory {
  readonly machine: string;
  /** What brought it to where it stays, or is on its way to; daily work does not count. */
  entered: CauseNode;
  /** The last record that changed its state. */
  moved: CauseNode;
  state: string;
  /** What it is faulted for, as far as that is known, and the record that made it so. */
  fault: unknown;
  faulted: CauseNode | null;
  /** Its last record was its end. */
  hasEnded: boolean;
  /** Predecessors of the same name whose end is not recorded yet: a successor may begin before. */
  endsAwaited: number;
  /** Processes lost since it was last started by somebody, the oldest first. */
  losses: CauseNode[];
}

/**
 * Which record led to which, found by stepping the machines over the records and matching what they ask for.
 *
 * INVARIANTS
 * - Memory is bounded: by the actors there are and by DEPTH_MAX, not by the length of the trace.
 */
export class CausalHistory {
  readonly actors = new Map<string, ActorHistory>();
  /** Those that were there before the last gap, and of which nothing is said after it. */
  lost: ReadonlyMap<string, ActorHistory> = new Map();
  /** The last gap there was, as a record. */
  gap: TraceRecord | null = null;
  system = new ReplayedSystem();
  /** The number of the first record; beyond 1, what came before is not kept. */
  firstSeq = 0;
  /** Events that were sent and not yet delivered, by receiver and type. */
  readonly #sent = new Map<string, CauseNode[]>();
  /** Delays that run, by actor and event; the same by actor and id. */
  readonly #armed = new Map<string, { readonly id: string; readonly node: CauseNode }>();
  /** Effects that were begun, by actor and id. */
  readonly #begun = new Map<string, CauseNode>();
  /** Actors that began before the record that started them. */
  readonly #born = new Map<string, CauseNode>();
  readonly #requests = new Map<number, CauseNode>();
  /** By process: the call in flight. */
  readonly #dispatches = new Map<string, CauseNode>();

  take(record: TraceRecord): void {
    if (record.event === GAP) return this.#passOver(record);
    if (this.firstSeq === 0) this.firstSeq = record.seq;
    const known = this.actors.get(record.actor);
    const way = known !== undefined && this.#isOnItsWay(record) ? known.entered : null;
    const node = nodeOf(record, this.#causeOf(record, known), way);
    this.system.take(record);
    this.#keep(node, known);
    this.#noteFault(node);
    this.#noteCall(node);
    for (const act of this.system.lastActs) this.#expect(node, act);
  }

  /**
   * What follows does not follow what was taken: every actor is to be told of anew, by where it stands.
   *
   * @param kept of this one, what is known stays: it did not go anywhere meanwhile
   */
  skip(kept: string): void {
    this.system = new ReplayedSystem();
    for (const path of this.actors.keys()) if (path !== kept) this.actors.delete(path);
    for (const known of [this.#sent, this.#armed, this.#begun, this.#born, this.#requests, this.#dispatches])
      known.clear();
  }

  /** Nothing known from before a gap holds after it. */
  #passOver(gap: TraceRecord): void {
    this.lost = new Map([...this.lost, ...[...this.actors].filter(([, { hasEnded }]) => !hasEnded)]);
    this.gap = gap;
    this.skip('');
    this.firstSeq = gap.seq + 1;
  }

  /** It moved its actor on while that was between two steady states. */
  #isOnItsWay({ machine, before, after }: TraceRecord): boolean {
    return before !== null && before !== after && !isRestingPoint(machine, before);
  }

  #keep(node: CauseNode, known: ActorHistory | undefined): void {
    const { actor, machine, event, before, after, data } = node.record;
    if (known === undefined || event === 'xstate.init') {
      const endsAwaited = known === undefined || known.hasEnded ? 0 : known.endsAwaited + 1;
      this.actors.set(actor, {
        machine,
        entered: node,
        moved: node,
        state: after,
        fault: undefined,
        faulted: null,
        hasEnded: false,
        endsAwaited,
        losses: [],
      });
      if (event === 'xstate.init') this.#born.set(actor, node);
      return;
    }
    if (event === 'xstate.stop') {
      if (known.endsAwaited === 0) known.hasEnded = true;
      else known.endsAwaited -= 1;
      return;
    }
    if (before !== after) known.moved = node;
    if (before === null || !isSameStay(machine, before, after)) known.entered = node;
    known.state = after;
    if (machine !== 'package') return;
    if (event === 'package.start') known.losses = [];
    if (event === 'process.ended' && isFault(data['fault'])) known.losses = [...known.losses.slice(-19), node];
  }

  #noteFault(node: CauseNode): void {
    const { actor } = node.record;
    const [history, stepped] = [this.actors.get(actor), this.system.actors.get(actor)];
    if (history === undefined || stepped === undefined) return;
    const fault = (stepped.snapshot.context as { fault?: unknown }).fault ?? null;
    // An actor can be looked at only after the record that started it, which comes behind its first one.
    const since = history.fault === undefined ? history.entered : node;
    if (!isSameFault(fault, history.fault)) history.faulted = fault === null ? null : since;
    history.fault = fault;
  }

  #causeOf(record: TraceRecord, known: ActorHistory | undefined): Cause | null {
    const { actor, machine, event, data } = record;
    if (event === 'xstate.init') return null; // found when the record that started it comes
    const request =
      machine === 'process' && event === 'call.dispatched' ? this.#requests.get(Number(data['callId'])) : undefined;
    const sender = this.#taken(`${actor} ${event}`);
    if (request !== undefined) return { kind: 'sent', node: request };
    if (sender !== undefined) return { kind: 'sent', node: sender };
    const timer = timerKey(actor, { type: event, ...data });
    const armed = this.#armed.get(timer);
    this.#armed.delete(timer);
    if (armed !== undefined) return { kind: 'delayed', node: armed.node };
    const [, , effect] = /^xstate\.(done|error)\.actor\.(.*)$/.exec(event) ?? [];
    const begun = effect === undefined ? undefined : this.#begun.get(`${actor} ${effect}`);
    if (begun !== undefined) return { kind: 'answered', node: begun };
    return machine === 'process' && known !== undefined ? this.#causeInProcess(record, known) : null;
  }

  /** What an operating-system process does by itself has no cause but the call it runs, or what was asked of it. */
  #causeInProcess({ actor, event, before, machine }: TraceRecord, known: ActorHistory): Cause | null {
    const dispatch = hasTag('process', before ?? '', 'executing') ? this.#dispatches.get(actor) : undefined;
    if (dispatch !== undefined) return { kind: 'during', node: dispatch };
    if (event === 'start.refused' || (event === 'os.exited' && before !== null && STARTING.includes(before)))
      return null;
    return before !== null && !isRestingPoint(machine, before) ? { kind: 'before', node: known.entered } : null;
  }

  #noteCall(node: CauseNode): void {
    const { actor, machine, event, data, after } = node.record;
    if (machine === 'process') {
      if (event === 'call.dispatched') this.#dispatches.set(actor, node);
      else if (!hasTag('process', after, 'executing')) this.#dispatches.delete(actor);
    } else if (event === 'call.requested') {
      if (this.#requests.size >= CALLS_MAX) this.#requests.clear();
      this.#requests.set(Number(data['callId']), node);
    } else if (event === 'call.settled') this.#requests.delete(Number(data['callId']));
  }

  #expect(node: CauseNode, act: Act): void {
    const { actor } = node.record;
    switch (act.act) {
      case 'send':
        return this.#send(childPath(actor, act.child), act.event.type, node);
      case 'report': {
        const parent = parentOf(actor);
        return parent === null ? undefined : this.#send(parent, act.event.type, node);
      }
      case 'stop':
        this.#begun.delete(`${actor} ${act.child}`);
        return this.#send(childPath(actor, act.child), 'xstate.stop', node);
      case 'arm':
        return void this.#armed.set(timerKey(actor, act.event), { id: `${actor} ${act.timer}`, node });
      case 'cancel':
        for (const [key, { id }] of this.#armed) if (id === `${actor} ${act.timer}`) this.#armed.delete(key);
        return;
      case 'spawn':
        return this.#spawn(node, act.child);
      case 'emit':
        return;
    }
  }

  #send(receiver: string, type: string, node: CauseNode): void {
    const history = this.actors.get(receiver);
    if (history === undefined || history.hasEnded) return;
    const key = `${receiver} ${type}`;
    const waiting = this.#sent.get(key);
    if (waiting === undefined) this.#sent.set(key, [node]);
    else waiting.push(node);
  }

  #taken(key: string): CauseNode | undefined {
    const waiting = this.#sent.get(key);
    const node = waiting?.shift();
    if (waiting?.length === 0) this.#sent.delete(key);
    return node;
  }

  #spawn(node: CauseNode, child: string): void {
    const path = childPath(node.record.actor, child);
    const born = this.#born.get(path);
    this.#born.delete(path);
    if (born === undefined) this.#begun.set(`${node.record.actor} ${child}`, node);
    else if (node.depth < DEPTH_MAX) born.cause = { kind: 'started', node };
  }
}

const STARTING: readonly string[] = ['Starting', 'Confirming'];

const timerKey = (actor: string, event: AnyEventObject): string => `${actor} ${JSON.stringify(event)}`;

const isFault = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A fault is told on as a copy. */
const isSameFault = (a: unknown, b: unknown): boolean =>
  a === b || (isFault(a) && isFault(b) && (a as { message: unknown }).message === (b as { message: unknown }).message);
