import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import { valueOf } from '../stepping/index.js';

/** The same place in another machine of the same shape. */
export const carried = (snapshot: AnyMachineSnapshot, machine: AnyStateMachine): AnyMachineSnapshot =>
  resolved(machine, snapshot, snapshot.value as StateValue);

/** The same actor in another state; a state its machine does not have leaves it where it is. */
export function placed(snapshot: AnyMachineSnapshot, state: string): AnyMachineSnapshot {
  const { machine } = snapshot;
  try {
    return resolved(machine, snapshot, valueOf(state, machine));
  } catch {
    return snapshot;
  }
}

/** A resolved state has no children of its own accord. */
function resolved(machine: AnyStateMachine, from: AnyMachineSnapshot, value: StateValue): AnyMachineSnapshot {
  const context: unknown = from.context;
  const snapshot: AnyMachineSnapshot = machine.resolveState({ value, context });
  return Object.assign(snapshot, { children: from.children as Record<string, unknown> });
}
