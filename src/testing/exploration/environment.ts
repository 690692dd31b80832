import type { AnyEventObject } from 'xstate';
import { countsForProbation, noteCommitted, noteStored } from '../../../machines/index.js';
import type {
  Fault,
  PackageEmitted,
  RouteChange,
  RouteContext,
  RouteFiles,
  StoreFacts,
} from '../../../machines/index.js';
import { Interner, stableJson } from './interning.js';
import type { UserAction, Environment } from './scenario.js';

const EMPTY: Environment = { open: {}, files: {} };

/**
 * What the world outside the actors remembers, by number; every change to it is worked out once.
 *
 * INVARIANTS
 * - Equal environments are the same object.
 */
export class Environments {
  now: Environment = EMPTY;
  readonly #environments = new Interner<Environment>();
  readonly #files = new Interner<Environment['files']>();
  readonly #numbers = new WeakMap<Environment, number>();
  readonly #fileNumbers = new WeakMap<Environment['files'], number>();
  readonly #changes = new WeakMap<Environment, Map<unknown, Environment>>();

  load(number: number): void {
    this.now = this.#environments.of(number);
  }

  get number(): number {
    const known = this.#numbers.get(this.now);
    if (known !== undefined) return known;
    const number = this.#environments.id(stableJson(this.now), () => this.now);
    this.#numbers.set(this.now, number);
    return number;
  }

  /** Of the route files: equal ones have equal numbers. */
  get filesNumber(): number {
    const { files } = this.now;
    const known = this.#fileNumbers.get(files);
    if (known !== undefined) return known;
    const number = this.#files.id(stableJson(files), () => files);
    this.#fileNumbers.set(files, number);
    return number;
  }

  leaveBy(userAction: UserAction): void {
    this.#change(userAction, userAction.environment);
  }

  /** The call has its outcome. */
  close(callId: number): void {
    this.#change(callId, ({ open, ...environment }) => {
      const { [callId]: _closed, ...others } = open;
      return { ...environment, open: others };
    });
  }

  recall(facts: StoreFacts): void {
    const files: RouteFiles = new Map();
    noteStored(files, facts);
    this.now = { ...this.now, files: Object.fromEntries(files) };
  }

  commit(change: RouteChange): void {
    this.#change(change, (environment) => {
      const files: RouteFiles = new Map(Object.entries(environment.files));
      noteCommitted(files, change);
      return { ...environment, files: Object.fromEntries(files) };
    });
  }

  #change(by: unknown, change: (environment: Environment) => Environment): void {
    const before = this.now;
    const changes = this.#changes.get(before) ?? new Map<unknown, Environment>();
    this.#changes.set(before, changes);
    const known = changes.get(by);
    this.now = known ?? change(before);
    if (known !== undefined) return;
    this.now = this.#environments.of(this.number);
    changes.set(by, this.now);
  }
}

/** The actors as a front end reaches them, explored or real. */
export interface Reach {
  readonly open: () => Environment['open'];
  readonly route: (pid: string) => RouteContext | undefined;
  readonly send: (path: string, event: AnyEventObject) => void;
  readonly close: (callId: number) => void;
}

type Ended = Extract<PackageEmitted, { type: 'call.settled' | 'call.retried' }>;

const FAILED: Fault = { code: '3010', name: 'algorithm_error', message: 'The algorithm answered with an error.' };

/**
 * What the library does by itself between the actors (src/runner/calls/calls.ts, flow.ts): it tells a route on probation how
 * attempts end, and a flow that its call has its outcome.
 */
export class FrontEnd {
  readonly #reach: Reach;
  /** Calls that got their outcome; their flows learn of it when what set it off is over. */
  #settled: number[] = [];

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  hear(said: PackageEmitted): void {
    switch (said.type) {
      case 'call.settled':
        this.#settled.push(said.callId);
        return this.#observe(said, said.outcome === 'result' ? null : (said.fault ?? FAILED));
      case 'call.retried':
        return this.#observe(said, said.fault ?? FAILED);
      case 'call.refused':
        this.#settled.push(said.callId);
        return;
      case 'call.freed':
      case 'operation.refused':
        return;
    }
  }

  closeFlows(): void {
    const settled = this.#settled;
    this.#settled = [];
    for (const callId of settled) {
      const call = this.#reach.open()[callId];
      this.#reach.close(callId);
      if (call === undefined || this.#reach.route(call.pid) === undefined) continue;
      const event = { type: 'flow.closed', flowId: callId, key: call.key, reason: 'finished' };
      this.#reach.send(`route/${call.pid}`, event);
    }
  }

  #observe({ callId, outcome }: Ended, failure: Fault | null): void {
    const call = this.#reach.open()[callId];
    if (call === undefined || !countsForProbation(this.#reach.route(call.pid), { key: call.key, outcome })) return;
    this.#reach.send(`route/${call.pid}`, { type: 'call.observed', key: call.key, failure });
  }
}
