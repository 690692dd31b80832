import type { ImageFacts, ImageInput } from '../images/image-input.js';

export interface FlowOptions {
  readonly pid: string;
  /** Immutable context of the session; `product_code` and `trace_id` are filled in (contract §4). */
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface CallOptions extends ImageFacts {
  readonly image?: ImageInput;
  /** Parameters of the step; defaults of the manifest are filled in. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Deadline of one attempt in milliseconds, from its dispatch; contract §5 by default. */
  readonly timeoutMs?: number;
  /** Deadline of the whole call in milliseconds, waiting and attempts together; the time a call may wait and one attempt. */
  readonly deadlineMs?: number;
  /** Further attempts after a failure that another one may mend; the release's policy by default (contract §6). */
  readonly retries?: number;
  /** Gives the call up: its outcome is `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A whole inspection: an image for every step. */
export interface InspectOptions extends Omit<CallOptions, 'params'> {
  /** Parameters by step index. */
  readonly params?: Readonly<Record<number, CallOptions['params']>>;
  /** Only these steps, in this order; every step of the manifest when left out. */
  readonly steps?: readonly number[];
}
