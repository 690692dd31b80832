import type { Outcome } from '../../../machines/process.events.js';
import type { PendingCall } from '../../effects/index.js';
import { fault, RunnerError } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { CallRequest, Served } from './call-request.js';

const unexplained = fault('unknown_error', 'The call ended without a reason.');

/** What a caller gets of a call that has ended. Hot path: one literal, because spreads cost more than transitions. */
export function served(
  { callId, reply, servedBy, failedAttempts }: PendingCall,
  { phase, stepIndex, pid, release, flowId }: CallRequest,
  outcome: Outcome,
  why: Fault | null,
  latencyMs: number,
): Served {
  if (outcome === 'result' && reply?.outcome === 'result') {
    return {
      sessionState: reply.sessionState,
      servedBy,
      result: {
        callId,
        phase,
        stepIndex,
        pid,
        release,
        flowId,
        latencyMs,
        failedAttempts,
        status: 'OK',
        outcome,
        verdict: reply.verdict,
        ngReason: reply.ngReason,
        defectRects: reply.defectRects,
        positionRects: reply.positionRects,
        calibrationRects: reply.calibrationRects,
        debug: reply.debug,
        data: reply.data,
        message: reply.message,
        warnings: reply.warnings,
      },
    };
  }
  const failed = reply?.outcome === 'error' ? reply : null;
  return {
    sessionState: reply?.sessionState ?? null,
    servedBy,
    result: {
      callId,
      phase,
      stepIndex,
      pid,
      release,
      flowId,
      latencyMs,
      failedAttempts,
      status: 'ERROR',
      outcome: outcome === 'result' ? 'error' : outcome,
      fault: faultOf(why, failed?.fault ?? null),
      errorCode: failed?.errorCode ?? null,
      errorClass: failed?.errorClass ?? null,
    },
  };
}

/** Why it did not work, with the catalogue's hint. */
export const faultOf = (why: Fault | null, replied: Fault | null): Fault =>
  RunnerError.from(why ?? replied ?? unexplained).toFault();
