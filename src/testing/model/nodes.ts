import type { AnyEventObject, AnyMachineSnapshot } from 'xstate';
import type { OsProcessInput } from '../../../machines/index.js';
import type { OsFacts } from './os-model.js';
import type { Stepper } from '../../stepping/stepper.js';

export interface NodeBase {
  /** Ids from the root down, joined by `/`; the root's own is its machine's id. */
  readonly path: string;
  readonly id: string;
  readonly parent: MachineNode | null;
  stopped: boolean;
}

export interface MachineNode extends NodeBase {
  readonly kind: 'machine';
  readonly stepper: Stepper;
  snapshot: AnyMachineSnapshot;
  readonly children: Map<string, Node>;
  mailbox: (AnyEventObject | typeof STOP)[];
  /** In the middle of a step, or not yet started. */
  busy: boolean;
}

/** An effect under way: its answer is the test's choice. */
export interface EffectNode extends NodeBase {
  readonly kind: 'effect';
  readonly parent: MachineNode;
  readonly src: string;
  readonly input: unknown;
}

export interface OsNode extends NodeBase {
  readonly kind: 'os';
  readonly parent: MachineNode;
  readonly input: OsProcessInput;
  facts: OsFacts;
}

export type Node = MachineNode | EffectNode | OsNode;

/** Behind everything already in a mailbox comes the end. */
export const STOP = Symbol('stop');

export interface Timer {
  readonly id: string;
  readonly owner: Node;
  readonly to: MachineNode;
  readonly dueMs: number;
  readonly event: AnyEventObject;
}
