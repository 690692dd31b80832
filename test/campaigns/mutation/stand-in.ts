import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { Stepper } from '../../../src/stepping/index.js';
import type { Step } from '../../../src/stepping/index.js';

/** Looks on at every step of every machine. */
export interface Onlooker {
  stepped(machine: AnyStateMachine, before: AnyMachineSnapshot | null, event: AnyEventObject, step: Step): void;
}

/**
 * As long as the work goes on, the mutant is stepped wherever the original is meant, and the onlooker sees all steps.
 * All that steps machines without running them (histories, explorations, rigs) asks `Stepper.of` for it. Within such
 * work there may be more of it: its onlooker sees the steps as well.
 */
export async function inPlaceOf<T>(
  original: AnyStateMachine | null,
  mutant: Stepper | null,
  onlooker: Onlooker,
  work: () => T | Promise<T>,
): Promise<T> {
  const before = Stepper.of;
  const watched = new Map<AnyStateMachine, Stepper>();
  Stepper.of = (machine) => {
    const known = watched.get(machine);
    if (known !== undefined) return known;
    const stepper = machine === original && mutant !== null ? mutant : before.call(Stepper, machine);
    const made = watchedStepper(stepper, onlooker);
    watched.set(machine, made);
    return made;
  };
  try {
    return await work();
  } finally {
    Stepper.of = before;
  }
}

function watchedStepper(stepper: Stepper, onlooker: Onlooker): Stepper {
  const { machine, original } = stepper;
  const seen = (before: AnyMachineSnapshot | null, event: AnyEventObject, step: Step): Step => {
    onlooker.stepped(machine, before, event, step);
    return step;
  };
  const same: Pick<Stepper, 'machine' | 'original' | 'initial' | 'restored' | 'step'> = {
    ...{ machine, original },
    initial: (input) => seen(null, { type: 'xstate.init' }, stepper.initial(input)),
    restored: (...where) => stepper.restored(...where),
    step: (snapshot, event) => seen(snapshot, event, stepper.step(snapshot, event)),
  };
  return same as Stepper;
}
