import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { actsOf } from './acts.js';
import type { Act } from './acts.js';
import { record, withInertChildren } from './own-scope.js';
import { valueOf } from './state-value.js';

export interface Step {
  readonly snapshot: AnyMachineSnapshot;
  readonly acts: readonly Act[];
  /** The transitions taken, in order; their identity is the one `table()` of coverage.ts lists. */
  readonly taken: readonly AnyTransitionDefinition[];
}

/**
 * One machine, stepped without running anything: a function from (snapshot, event) to (snapshot, acts).
 *
 * INVARIANTS
 * - A machine that throws, or whose error nobody handled, throws here: in production that actor would be dead.
 */
export class Stepper {
  /** The machine with its children made inert: what is stepped. */
  readonly machine: AnyStateMachine;

  private constructor(
    /** The machine as written. */
    readonly original: AnyStateMachine,
  ) {
    this.machine = withInertChildren(original);
  }

  static readonly #steppers = new Map<AnyStateMachine, Stepper>();

  static of(machine: AnyStateMachine): Stepper {
    const known = Stepper.#steppers.get(machine) ?? new Stepper(machine);
    Stepper.#steppers.set(machine, known);
    return known;
  }

  /** A stepper nobody else shares: for a machine made for one purpose. */
  static alone(machine: AnyStateMachine): Stepper {
    return new Stepper(machine);
  }

  initial(input: unknown): Step {
    return this.#run((scope) => this.machine.getInitialSnapshot(scope, input) as AnyMachineSnapshot);
  }

  /**
   * An actor somewhere in the middle of its life.
   *
   * @param state its whole name: `Running.Restarting`
   * @param children ids of the children it has
   * @throws when the machine has no such state
   */
  restored(state: string, context: unknown, children: readonly string[] = []): AnyMachineSnapshot {
    const snapshot: AnyMachineSnapshot = this.machine.resolveState({ value: valueOf(state, this.machine), context });
    return Object.assign(snapshot, { children: Object.fromEntries(children.map((id) => [id, { id }])) });
  }

  step(snapshot: AnyMachineSnapshot, event: AnyEventObject): Step {
    return this.#run((scope) => this.machine.transition(snapshot, event, scope) as AnyMachineSnapshot);
  }

  #run(work: Parameters<typeof record<AnyMachineSnapshot>>[0]): Step {
    const { result: snapshot, actions, taken } = record(work);
    if (snapshot.status === 'error')
      throw new Error(`the machine "${this.machine.id}" failed`, { cause: snapshot.error });
    return { snapshot, acts: actions.flatMap((action) => actsOf(action)), taken };
  }
}

/** `Running.Ready`: the way down to the active leaf of a machine without parallel states. */
export function stateOf({ value }: Pick<AnyMachineSnapshot, 'value'>): string {
  const down = (at: unknown): readonly string[] => {
    if (typeof at === 'string') return [at];
    const [[key, inner] = ['', '']] = Object.entries(at as Record<string, unknown>);
    return [key, ...down(inner)];
  };
  return down(value).join('.');
}
