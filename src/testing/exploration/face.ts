import type { AnyEventObject } from 'xstate';
import { countsForProbation } from '../../../machines/index.js';
import type { Fault, PackageEmitted, RouteContext } from '../../../machines/index.js';
import type { Desk } from './scenario.js';

/** The actors as a face reaches them, explored or real. */
export interface Reach {
  readonly open: () => Desk['open'];
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
export class Face {
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
