import type { AnyActorLogic, AnyEventObject, AnyStateMachine, AnyTransitionDefinition } from 'xstate';

/**
 * What XState hands a machine when it steps it, made by ourselves: nothing runs, every action is kept for reading.
 * The official pure `transition()` cannot serve here, it throws on `sendParent`.
 *
 * INVARIANTS
 * - It leans on the shape of XState's actor scope, which is internal: the version is pinned, and
 *   `test/machines/stepper.test.ts` compares every result with the real system.
 */
export interface RawAction {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
  readonly exec: unknown;
}

export interface Recording {
  readonly actions: RawAction[];
  readonly taken: AnyTransitionDefinition[];
}

/** Stands for whoever spawned the actor. */
export const PARENT = { id: '#parent' };

interface MicrostepNote {
  readonly type: string;
  readonly _transitions?: readonly AnyTransitionDefinition[];
}

let recording: Recording = { actions: [], taken: [] };

const nothing = (): void => {};

const system = {
  _bookId: () => 'x:0',
  _register: (id: string) => id,
  _unregister: nothing,
  _set: nothing,
  _relay: nothing,
  _logger: nothing,
  _clock: { setTimeout: nothing, clearTimeout: nothing },
  _snapshot: { _scheduledEvents: {} },
  _sendInspectionEvent: (note: MicrostepNote) => {
    if (note.type === '@xstate.microstep') recording.taken.push(...(note._transitions ?? []));
  },
  get: nothing,
  inspect: nothing,
  scheduler: { schedule: nothing, cancel: nothing, cancelAll: nothing },
};

const self = { id: '#self', _parent: PARENT, system, sessionId: 'x:0', send: nothing, getSnapshot: nothing };

const scope = () => ({
  self,
  system,
  id: self.id,
  sessionId: self.sessionId,
  logger: nothing,
  defer: nothing,
  stopChild: nothing,
  emit: nothing,
  actionExecutor: (action: RawAction) => recording.actions.push(action),
});

type Scope = Parameters<AnyStateMachine['transition']>[2];

/** Runs one step and gives what it returned and what it asked for. */
export function record<T>(work: (scope: Scope) => T): { result: T } & Recording {
  recording = { actions: [], taken: [] };
  const result = work(scope() as unknown as Scope);
  return { result, ...recording };
}

const inertSnapshot = { status: 'active', output: undefined, error: undefined };

/** A child that keeps nothing and does nothing: what it would do is the composition's business. */
const inert = {
  transition: (snapshot: unknown, _event: AnyEventObject) => snapshot,
  getInitialSnapshot: () => inertSnapshot,
  getPersistedSnapshot: (snapshot: unknown) => snapshot,
} as unknown as AnyActorLogic;

export const withInertChildren = (machine: AnyStateMachine): AnyStateMachine =>
  machine.provide({
    actors: Object.fromEntries(Object.keys(machine.implementations.actors).map((name) => [name, inert])),
  });
