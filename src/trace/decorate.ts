import type { AnyActorRef, AnyActorScope, AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Recorder } from './recorder.js';

type StateValue = AnyMachineSnapshot['value'];

/**
 * A machine whose every delivered event is recorded, in processing order (architecture, "Trace"). It wraps the logic,
 * not the actor: a decorated machine has no `.provide()`, so provide first and decorate last.
 */
export function decorate<M extends AnyStateMachine>(machine: M, recorder: Recorder): M {
  const kindsOf = new WeakMap<object, ActorKinds>();
  const traced = Object.create(machine) as M;

  traced.getInitialSnapshot = (scope: AnyActorScope, input: unknown) => {
    const snapshot: AnyMachineSnapshot = machine.getInitialSnapshot(scope, input as never);
    const kinds = new ActorKinds(pathOf(scope.self), machine.id, recorder);
    kindsOf.set(scope.self, kinds);
    kinds.record({ type: 'xstate.init', input }, null, snapshot.value);
    return snapshot as never;
  };

  traced.transition = (snapshot: AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope) => {
    const before = snapshot.value;
    try {
      const next: AnyMachineSnapshot = machine.transition(snapshot as never, event as never, scope);
      kindsOf.get(scope.self)?.record(event, before, next.value);
      return next as never;
    } catch (error) {
      // The actor ends here; the event that broke it must not be missing from its history.
      const thrown = error instanceof Error ? error.message : String(error);
      kindsOf.get(scope.self)?.record({ ...event, thrown }, before, before);
      throw error;
    }
  };
  return traced;
}

/** The kinds of record one actor has used. */
class ActorKinds {
  readonly #kinds = new Map<string, number>();

  constructor(
    readonly actor: string,
    readonly machine: string,
    readonly recorder: Recorder,
  ) {}

  record(event: AnyEventObject, before: StateValue | null, after: StateValue): void {
    const from = before === null ? '' : stateName(before);
    const to = stateName(after);
    let name = `${event.type} ${from} ${to}`;
    let values = '';
    for (const field in event) {
      if (field === 'type') continue;
      const value: unknown = event[field];
      if (value === undefined) continue;
      name += ` ${field}`;
      values += `,${toJson(value)}`;
    }
    let kind = this.#kinds.get(name);
    if (kind === undefined) {
      const fields = name.split(' ').slice(3);
      const state = before === null ? null : from;
      kind = this.recorder.kind({ a: this.actor, m: this.machine, e: event.type, b: state, f: to, d: fields });
      this.#kinds.set(name, kind);
    }
    this.recorder.record(kind, values);
  }
}

/** `Running.Ready` for `{ Running: 'Ready' }`. */
export function stateName(value: StateValue): string {
  if (typeof value === 'string') return value;
  let name = '';
  for (const key in value) {
    const child = value[key];
    name += `${name === '' ? '' : '+'}${key}${child === undefined ? '' : `.${stateName(child)}`}`;
  }
  return name;
}

/** `package/screw-check@1.0.0/process/1`; the Runner itself is `runner`. */
function pathOf(actor: AnyActorRef): string {
  const parent = actor._parent;
  if (parent === undefined) return 'runner';
  return parent._parent === undefined ? actor.id : `${pathOf(parent)}/${actor.id}`;
}

function toJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (typeof value === 'object') return JSON.stringify(value, withoutErrors);
  return JSON.stringify(value) ?? 'null';
}

const withoutErrors = (_key: string, value: unknown): unknown => (value instanceof Error ? value.message : value);
