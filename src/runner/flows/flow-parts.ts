import type { ReleaseKey } from '../../../machines/release.js';
import type { PendingCalls } from '../calls/calls.js';
import type { FlowOptions } from './flow-options.js';
import type { Host } from '../host/host.js';

/** What a flow is made of; `E` is the flow itself. */
export interface FlowParts<E> {
  readonly host: Host;
  readonly pendingCalls: PendingCalls;
  readonly number: number;
  readonly id: string;
  readonly release: ReleaseKey;
  readonly options: FlowOptions;
  readonly idleMs: number;
  readonly onEnd: (flow: E) => void;
}
