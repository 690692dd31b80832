import type { Outcome } from '../../../machines/process.events.js';
import type { ReleaseKey } from '../../../machines/release.js';
import type { Fault } from '../../base/errors/index.js';
import type { FailedAttempt } from '../../effects/index.js';
import type { Phase, Rect, Verdict } from '../../protocol/index.js';

/** What every call brings back (contract §6): exactly one outcome, and who served it. */
export interface CallFacts {
  readonly callId: number;
  readonly phase: Phase;
  readonly stepIndex: number;
  readonly pid: string;
  readonly release: ReleaseKey;
  readonly flowId: string;
  /** From the request to the outcome, waiting included, in milliseconds. */
  readonly latencyMs: number;
  /** Attempts before this one, each with how it ended; none as a rule (contract §6). */
  readonly failedAttempts: readonly FailedAttempt[];
}

/** The call worked. Its verdict on the product is another matter: OK, NG, or null for none (contract §4). */
export interface CallSucceeded extends CallFacts {
  readonly status: 'OK';
  readonly outcome: 'result';
  readonly verdict: Verdict | null;
  readonly ngReason: string | null;
  /** Pixels, origin top left; at most 20. */
  readonly defectRects: readonly Rect[];
  readonly positionRects: readonly Rect[];
  readonly calibrationRects: readonly Rect[];
  readonly debug: Readonly<Record<string, unknown>>;
  /** The algorithm's `data` as it came; unknown keys pass through. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly message: string;
  readonly warnings: readonly Fault[];
}

/** The call did not work; there is no verdict. */
export interface CallFailed extends CallFacts {
  readonly status: 'ERROR';
  readonly outcome: Exclude<Outcome, 'result'>;
  readonly fault: Fault;
  /** As the algorithm gave them, or null. */
  readonly errorCode: string | null;
  readonly errorClass: string | null;
}

export type CallResult = CallSucceeded | CallFailed;

/** Both calls of one step; `execute` is not called when `pre` did not work (contract §4). */
export interface StepResult {
  readonly stepIndex: number;
  readonly name: string;
  readonly pre: CallResult;
  readonly execute: CallResult | null;
}

/**
 * A whole inspection. `status` says whether every call worked; `verdict` is NG when a step says NG, OK when one says OK
 * and none NG, null when no step gives a verdict or a call failed.
 */
export interface Detection {
  readonly status: 'OK' | 'ERROR';
  readonly verdict: Verdict | null;
  readonly ngReason: string | null;
  readonly pid: string;
  readonly release: ReleaseKey;
  readonly flowId: string;
  readonly latencyMs: number;
  readonly steps: readonly StepResult[];
  readonly fault: Fault | null;
  /** Of all steps, in their order; those of a step are in its call. */
  readonly defectRects: readonly Rect[];
  readonly positionRects: readonly Rect[];
}

export function detectionOf(
  facts: Pick<Detection, 'pid' | 'release' | 'flowId' | 'latencyMs'>,
  steps: readonly StepResult[],
): Detection {
  const calls = steps.flatMap(({ pre, execute }) => (execute === null ? [pre] : [pre, execute]));
  const found = calls.flatMap((call) => (call.status === 'OK' && call.phase === 'execute' ? [call] : []));
  const rects = {
    defectRects: found.flatMap(({ defectRects }) => defectRects),
    positionRects: found.flatMap(({ positionRects }) => positionRects),
  };
  const failed = calls.find((call) => call.status === 'ERROR');
  if (failed !== undefined)
    return { ...facts, status: 'ERROR', verdict: null, ngReason: null, steps, fault: failed.fault, ...rects };
  const verdicts = calls.flatMap((call) => (call.status === 'OK' && call.verdict !== null ? [call] : []));
  const rejected = verdicts.find(({ verdict }) => verdict === 'NG');
  const verdict = rejected !== undefined ? 'NG' : verdicts.length > 0 ? 'OK' : null;
  return { ...facts, status: 'OK', verdict, ngReason: rejected?.ngReason ?? null, steps, fault: null, ...rects };
}
