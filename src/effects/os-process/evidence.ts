import type { PendingCall } from '../calls.js';

/**
 * What is known about a process when something goes wrong with it, in the wire form of fault details (contract §10):
 * whatever the cause of a loss, people ask for the last call and the last words first.
 */
export interface Evidence {
  /** Lines of standard error, oldest first. */
  readonly last_stderr: readonly string[];
  /** The last call it was sent; absent before the first one. */
  readonly last_call?: LastCall;
  /** Bytes sent to it that it does not read; absent when there are none. */
  readonly unread_bytes?: number;
}

export interface LastCall {
  readonly call_id: number;
  readonly pid: string;
  readonly phase: string;
  readonly step_index: number;
  readonly flow_id: string;
  /** It was not settled yet. */
  readonly running: boolean;
}

/** A call as it is remembered after it was settled: without its request and reply, which may be large. */
export const traceOf = ({ callId, pid, phase, fields, flowId }: PendingCall): Omit<LastCall, 'running'> => ({
  call_id: callId,
  pid,
  phase,
  step_index: fields.stepIndex,
  flow_id: flowId,
});

/** ` during execute of step 1 for A01 (call 17)`; empty unless a call was running. */
export function duringCall({ last_call: call }: Evidence): string {
  if (call?.running !== true) return '';
  return ` during ${call.phase} of step ${call.step_index} for ${call.pid} (call ${call.call_id})`;
}
