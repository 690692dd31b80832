import type { AnyActorRef, AnyEventObject, AnyStateMachine, StateValue } from 'xstate';
import type { Recorder } from './recording.js';

/** The part of a machine's logic that is wrapped, without the generics that say nothing here. */
interface Logic {
  getInitialSnapshot(scope: Scope, input: unknown): Snapshot;
  transition(snapshot: Snapshot, event: AnyEventObject, scope: Scope): Snapshot;
}
interface Scope {
  readonly self: AnyActorRef;
}
interface Snapshot {
  readonly value: StateValue;
}

/**
 * A machine whose every delivered event is recorded, in processing order (docs/ARCHITECTURE.md, "The trace"). It wraps
 * the logic, not the actor: a decorated machine has no `.provide()`, so provide first and decorate last.
 */
export function decorate<M extends AnyStateMachine>(machine: M, recorder: Recorder): M {
  const kindsOf = new WeakMap<AnyActorRef, ActorKinds>();
  const logic = machine as unknown as Logic;
  const traced: Logic = {
    getInitialSnapshot(scope, input) {
      const snapshot = logic.getInitialSnapshot(scope, input);
      const kinds = new ActorKinds(pathOf(scope.self), machine.id, recorder);
      kindsOf.set(scope.self, kinds);
      kinds.record({ type: 'xstate.init', input }, null, snapshot.value);
      return snapshot;
    },
    transition(snapshot, event, scope) {
      const before = snapshot.value;
      try {
        const next = logic.transition(snapshot, event, scope);
        kindsOf.get(scope.self)?.record(event, before, next.value);
        return next;
      } catch (error) {
        // The actor ends here, and its history must hold the event that broke it.
        const thrown = error instanceof Error ? error.message : String(error);
        kindsOf.get(scope.self)?.record({ ...event, thrown }, before, before);
        throw error;
      }
    },
  };
  return Object.assign(Object.create(machine) as M, traced);
}

/** One kind of record an actor has used: an event with these fields between these states. */
interface Kind {
  readonly number: number;
  readonly before: string | null;
  readonly after: string;
  readonly fields: readonly string[];
}

/** The kinds of record one actor has used; looking one up makes nothing. */
class ActorKinds {
  readonly #byEvent = new Map<string, Kind[]>();

  constructor(
    readonly actor: string,
    readonly machine: string,
    readonly recorder: Recorder,
  ) {}

  record(event: AnyEventObject, valueBefore: StateValue | null, valueAfter: StateValue): void {
    const before = valueBefore === null ? null : stateName(valueBefore);
    const after = stateName(valueAfter);
    const kind = this.#find(event, before, after) ?? this.#intern(event, before, after);
    if (this.recorder.recordSmall(kind.number, event, kind.fields)) return;
    let values = '';
    for (const field of kind.fields) values += `,${toJson(event[field])}`;
    this.recorder.record(kind.number, values);
  }

  #find(event: AnyEventObject, before: string | null, after: string): Kind | undefined {
    const kinds = this.#byEvent.get(event.type);
    if (kinds === undefined) return undefined;
    for (const kind of kinds)
      if (kind.before === before && kind.after === after && hasFields(event, kind.fields)) return kind;
    return undefined;
  }

  #intern(event: AnyEventObject, before: string | null, after: string): Kind {
    const fields = Object.keys(event).filter((field) => field !== 'type' && event[field] !== undefined);
    const { actor, machine } = this;
    const number = this.recorder.kind({ a: actor, m: machine, e: event.type, b: before, f: after, d: fields });
    const kind = { number, before, after, fields };
    const kinds = this.#byEvent.get(event.type);
    if (kinds === undefined) this.#byEvent.set(event.type, [kind]);
    else kinds.push(kind);
    return kind;
  }
}

/** Exactly these fields, in this order, beside its type. */
function hasFields(event: AnyEventObject, fields: readonly string[]): boolean {
  let i = 0;
  for (const field in event) {
    if (field === 'type' || event[field] === undefined) continue;
    if (field !== fields[i]) return false;
    i += 1;
  }
  return i === fields.length;
}

/** `Running.Ready` for `{ Running: 'Ready' }`. */
export function stateName(value: StateValue): string {
  if (typeof value === 'string') return value;
  let name = '';
  for (const [key, child] of Object.entries(value)) {
    name += `${name === '' ? '' : '+'}${key}${child === undefined ? '' : `.${stateName(child)}`}`;
  }
  return name;
}

/** `package/screw-check@1.0.0/process/1`; the Runner itself is `runner`. */
export function pathOf(actor: AnyActorRef): string {
  const parent = actor._parent;
  if (parent === undefined) return 'runner';
  return parent._parent === undefined ? actor.id : `${pathOf(parent)}/${actor.id}`;
}

/** A value that JSON cannot hold becomes null: tracing never breaks an actor. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, withoutErrors) ?? 'null';
  } catch {
    return 'null';
  }
}

/** The same as data a trace can hold. */
export const plain = (value: unknown): unknown => JSON.parse(toJson(value));

const withoutErrors = (_key: string, value: unknown): unknown => (value instanceof Error ? value.message : value);
