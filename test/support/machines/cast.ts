import type { AnyEventObject } from 'xstate';
import type { MachineNode } from '../../../src/testing/model/index.js';
import type { Kind } from './stimuli.js';

/** Numbers that operations, calls and flows go by; each is given out when the stimulus that carries it happens. */
export interface Numbers {
  operation: number;
  call: number;
  flow: number;
}

/** The releases and product ids of every history: three of one algorithm, and a stranger. */
export const KEYS = ['screw@1.0.0', 'screw@2.0.0', 'screw@3.0.0', 'gear@1.0.0'] as const;
export const PIDS = ['A01', 'B02'] as const;

/** What one person or host could do; the event is made only for the one that is picked. */
export type UserAct = readonly [Kind, MachineNode, () => AnyEventObject];
