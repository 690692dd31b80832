import type { AnyStateMachine } from 'xstate';
import { Stepper } from '../stepping/index.js';

/** The machines a history is stepped over, by id. */
export class Steppers {
  readonly #known: ReadonlyMap<string, Stepper>;

  constructor(machines: readonly AnyStateMachine[]) {
    this.#known = new Map(machines.map((machine) => [machine.id, Stepper.of(machine)]));
  }

  /** @throws when there is no such machine */
  of(machine: string): Stepper {
    const stepper = this.#known.get(machine);
    if (stepper === undefined) throw new Error(`there is no machine "${machine}" to step`);
    return stepper;
  }
}
