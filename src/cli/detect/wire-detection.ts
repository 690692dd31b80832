import type { CallResult, Detection, StepResult } from '../../index.js';

/** A detection as `--json` prints it: what was found at the top, call by call below. */
export const wireDetection = (detection: Detection) => ({
  pid: detection.pid,
  release: detection.release,
  flow_id: detection.flowId,
  status: detection.status,
  verdict: detection.verdict,
  ng_reason: detection.ngReason,
  latency_ms: milliseconds(detection.latencyMs),
  fault: detection.fault,
  defect_rects: detection.defectRects,
  position_rects: detection.positionRects,
  steps: detection.steps.map(wireStep),
});

const wireStep = ({ stepIndex, name, pre, execute }: StepResult) => ({
  step_index: stepIndex,
  name,
  pre: wireCall(pre),
  execute: execute === null ? null : wireCall(execute),
});

function wireCall(call: CallResult) {
  const facts = { status: call.status, outcome: call.outcome, latency_ms: milliseconds(call.latencyMs) };
  if (call.status === 'ERROR')
    return { ...facts, fault: call.fault, error_code: call.errorCode, error_class: call.errorClass };
  return {
    ...facts,
    verdict: call.verdict,
    ng_reason: call.ngReason,
    defect_rects: call.defectRects,
    position_rects: call.positionRects,
    calibration_rects: call.calibrationRects,
    debug: call.debug,
    // What the contract does not know passes through to the caller (contract §4).
    data: Object.fromEntries(Object.entries(call.data).filter(([key]) => !TOLD.has(key))),
    message: call.message,
    warnings: call.warnings,
  };
}

const TOLD: ReadonlySet<string> = new Set([
  'result_status',
  'ng_reason',
  'defect_rects',
  'position_rects',
  'calibration_rects',
  'debug',
]);

const milliseconds = (exact: number): number => Math.round(exact * 1000) / 1000;
