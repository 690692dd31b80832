import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import { nodesBelow, pathOf } from '../chart/nodes.js';

/** The same knowledge in another state; where the machine has no such state, the snapshot as it is. */
export function snapshotAt(machine: AnyStateMachine, path: string, snapshot: AnyMachineSnapshot): AnyMachineSnapshot {
  const node = nodesBelow(machine.root).find((one) => pathOf(one) === path);
  if (node === undefined) return snapshot;
  const value = node.path.reduceRight<StateValue>((inner, key) => ({ [key]: inner }), {});
  return machine.resolveState({ value, context: snapshot.context as object }) as AnyMachineSnapshot;
}
