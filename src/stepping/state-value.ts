import type { AnyStateMachine, StateValue } from 'xstate';

/** `{ Running: 'Ready' }` for `Running.Ready`, unless a state of the machine has that very name. */
export const valueOf = (state: string, machine: AnyStateMachine): StateValue =>
  valueAmong(state, Object.keys(machine.root.states));

function valueAmong(state: string, names: readonly string[]): StateValue {
  const top = names.find((name) => state.startsWith(`${name}.`));
  if (names.includes(state) || top === undefined) return state;
  return { [top]: valueAmong(state.slice(top.length + 1), []) };
}
