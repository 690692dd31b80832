import type { ReleaseKey } from '../../../machines/release.js';
import type { PendingCall } from '../../effects/index.js';
import type { CallImage, ImageMeta } from '../../images/index.js';
import type { Phase } from '../../protocol/index.js';
import type { CallResult } from './results.js';

export interface CallRequest {
  readonly release: ReleaseKey;
  readonly pid: string;
  readonly flowId: string;
  readonly phase: Phase;
  readonly stepIndex: number;
  readonly context: Readonly<Record<string, unknown>>;
  /** The session's, as JSON. */
  readonly state: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The same as an algorithm gets them. */
  readonly paramsJson: string;
  readonly image: CallImage | null;
  readonly meta: (ImageMeta & Readonly<Record<string, unknown>>) | null;
  /** Of one attempt, from its dispatch. */
  readonly timeoutMs: number;
  /** Of all waiting and attempts together. */
  readonly deadlineMs: number;
  /** The caller set `deadlineMs`; else it only bounds further attempts. */
  readonly deadlineIsStrict: boolean;
  readonly retries: number | undefined;
  /** The slot that keeps the session, where it does not travel. */
  readonly home: number | null;
  readonly signal: AbortSignal | undefined;
  /** Nobody looks at the image any more, or the call was refused: said once. */
  readonly letGo: (() => void) | null;
}

export interface Served {
  readonly result: CallResult;
  /** The session's state after the call; null when it did not change or the algorithm keeps it itself. */
  readonly sessionState: string | null;
  /** The process that answered; null when none did. */
  readonly servedBy: PendingCall['servedBy'];
}
