import type { ActorRefFrom, AnyActorRef, AnyEventObject, PromiseActorLogic } from 'xstate';
import type { EffectName, Effects, Fault } from '../../../machines/index.js';
import type { EffectLogics } from '../../../src/effects/index.js';

/** What an effect answers with, some time after it was asked. */
export interface Answering<Name extends EffectName> {
  done(output: Effects[Name]['output']): void;
  failed(fault: Fault): void;
}

/** Every effect the machines declare; each answers through the clock, never inside its own call. */
export type SimulatedEffects = {
  readonly [Name in EffectName]: (input: Effects[Name]['input'], answer: Answering<Name>, owner: string) => void;
};

interface EffectSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  readonly output: unknown;
  readonly error: unknown;
  readonly input: unknown;
}

/** An effect somebody waits for. */
export interface Underway {
  readonly name: EffectName;
  /** Path of the machine that asked. */
  readonly owner: AnyActorRef;
}

const DONE = 'simulated.done';
const FAILED = 'simulated.failed';

/** Effects that have begun and not ended, whether or not somebody still waits for them. */
export class Unfinished {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolves once there are none. */
  none(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve();
      else this.#waiting.push(resolve);
    });
  }
}

/**
 * As XState's promise logic, without a promise: it settles when the world says so, in that very moment.
 *
 * @param underway filled and emptied as effects are asked and answered, or left
 */
export function effectLogics(
  effects: SimulatedEffects,
  underway: Map<AnyActorRef, Underway>,
  unfinished: Unfinished,
): EffectLogics {
  const names = Object.keys(effects) as EffectName[];
  return Object.fromEntries(
    names.map((name) => [name, logicOf(effects, name, underway, unfinished)]),
  ) as unknown as EffectLogics;
}

function logicOf<Name extends EffectName>(
  effects: SimulatedEffects,
  name: Name,
  underway: Map<AnyActorRef, Underway>,
  unfinished: Unfinished,
) {
  const logic = {
    getInitialSnapshot: (_scope: unknown, input: unknown): EffectSnapshot => ({
      ...{ status: 'active', output: undefined, error: undefined, input },
    }),
    getPersistedSnapshot: (snapshot: EffectSnapshot) => snapshot,
    transition(snapshot: EffectSnapshot, event: AnyEventObject, { self }: { self: AnyActorRef }): EffectSnapshot {
      if (snapshot.status !== 'active') return snapshot;
      switch (event.type) {
        case DONE:
          return { ...snapshot, status: 'done', output: event['output'], input: undefined };
        case FAILED:
          return { ...snapshot, status: 'error', error: event['error'], input: undefined };
        case 'xstate.stop':
          underway.delete(self);
          return { ...snapshot, status: 'stopped', input: undefined };
      }
      return snapshot;
    },
    start({ status, input }: EffectSnapshot, { self }: { self: ActorRefFrom<PromiseActorLogic<unknown>> }) {
      if (status !== 'active') return;
      const settle = (event: AnyEventObject): void => {
        // Whoever asked may have left meanwhile; the work was done all the same.
        if (underway.delete(self)) self.send(event);
        unfinished.end();
      };
      unfinished.begin();
      underway.set(self, { name, owner: self._parent as AnyActorRef });
      const answer: Answering<Name> = {
        done: (output) => settle({ type: DONE, output }),
        failed: (error) => settle({ type: FAILED, error }),
      };
      effects[name](input as Effects[Name]['input'], answer, self._parent?.id ?? '');
    },
  };
  return logic as unknown as EffectLogics[Name];
}
